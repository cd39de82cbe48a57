import { Button } from '../../components/button.tsx';

export interface SaveBarProps {
  readonly dirty: boolean;
  readonly busy: boolean;
  readonly problem: string | null;
  readonly onUndo: () => void;
  readonly onSave: () => void;
  readonly busyWords?: string;
}

/** The foot of a form, in view while there is something to save. */
export function SaveBar({ dirty, busy, problem, onUndo, onSave, busyWords = 'Saving…' }: SaveBarProps) {
  if (!dirty && !busy && problem === null) return null;
  return (
    <footer className="form-actions">
      <output className={problem === null ? 'fine' : 'field-problem'} aria-live="polite">
        {problem ?? 'Not saved yet'}
      </output>
      <span className="spacer" />
      <Button look="quiet" isDisabled={busy} onPress={onUndo}>
        Undo
      </Button>
      <Button look="primary" isDisabled={busy || !dirty} onPress={onSave}>
        {busy ? busyWords : 'Save'}
      </Button>
    </footer>
  );
}
