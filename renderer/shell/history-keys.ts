/** Alt with an arrow and the side buttons of a mouse walk the periods that were looked at, as they walk pages in a browser. */
import { useEffect } from 'react';
import { useServices } from './services.tsx';
import { isInDialog, isTyping } from './shortcuts.ts';

export type HistoryStep = 'back' | 'forward';

/** Buttons of `MouseEvent.button`. */
const mouseSteps: Readonly<Record<number, HistoryStep>> = { 3: 'back', 4: 'forward' };
const keySteps: Readonly<Record<string, HistoryStep>> = { ArrowLeft: 'back', ArrowRight: 'forward' };

type Press = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/** The step a key asks for; Alt alone must be held. */
export function stepOfKey({ key, altKey, ctrlKey, metaKey, shiftKey }: Press): HistoryStep | null {
  return altKey && !ctrlKey && !metaKey && !shiftKey ? (keySteps[key] ?? null) : null;
}

export function stepOfButton(button: number): HistoryStep | null {
  return mouseSteps[button] ?? null;
}

/** While a component with the period controls is on screen. */
export function useHistoryKeys(): void {
  const { actions, shell } = useServices();
  useEffect(() => {
    const take = (event: Event, step: HistoryStep | null): void => {
      const elsewhere = shell.getState().sheet !== null || isTyping(event.target) || isInDialog(event.target);
      if (step === null || elsewhere) return;
      event.preventDefault(); // a browser would leave the page
      if (step === 'back') actions.backInRange();
      else actions.forwardInRange();
    };
    const controller = new AbortController();
    const { signal } = controller;
    window.addEventListener('keydown', (event) => take(event, stepOfKey(event)), { signal });
    window.addEventListener('mouseup', (event) => take(event, stepOfButton(event.button)), { signal });
    return () => controller.abort();
  }, [actions, shell]);
}
