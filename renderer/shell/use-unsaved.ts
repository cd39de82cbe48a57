import { useEffect } from 'react';
import { useActions } from './services.tsx';

/** Tells the shell while something on the open screen is changed and not saved, so that leaving asks first. */
export function useUnsaved(what: string, unsaved: boolean): void {
  const { markUnsaved } = useActions();
  useEffect(() => {
    if (!unsaved) return undefined;
    markUnsaved(what, true);
    return () => markUnsaved(what, false);
  }, [what, unsaved, markUnsaved]);
}
