/** The keys of a list of calls with details beside it: the same on every screen that has one. */
import type { Services } from './services.tsx';
import type { Shortcut } from './shortcuts.ts';

export interface RowList {
  readonly scope: 'live' | 'requests';
  readonly search: { readonly label: string; readonly inputId: string };
  /** The call that a step leads to from the selected one, by its id; null when there is none. */
  readonly after: (by: 1 | -1) => string | null;
}

/** The element of a row, when the virtual list has it on screen. */
export function rowElement(callId: string): HTMLElement | null {
  return document.querySelector(`[data-call-id="${CSS.escape(callId)}"]`);
}

/** They read the store when pressed, so they never go stale. */
export function rowShortcuts({ shell, actions }: Services, { scope, search, after }: RowList): Shortcut[] {
  const step = (by: 1 | -1) => (): void => {
    const callId = after(by);
    if (callId !== null) actions.selectCall(callId);
  };
  const close = (): void => {
    const { selectedCallId, peeking } = shell.getState();
    actions.peek(null);
    if (peeking && selectedCallId !== null) rowElement(selectedCallId)?.focus();
  };
  return [
    { keys: ['/'], label: search.label, scope, run: () => document.getElementById(search.inputId)?.focus() },
    { keys: ['j'], label: 'Next row', scope, run: step(1) },
    { keys: ['k'], label: 'Row before', scope, run: step(-1) },
    { keys: ['Enter'], label: 'Show details', scope, run: () => actions.peek(shell.getState().selectedCallId) },
    { keys: ['Escape'], label: 'Close details', scope, run: close },
  ];
}
