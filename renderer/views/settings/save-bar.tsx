import { Button } from '../../components/button.tsx';

export interface SaveBarProps {
  readonly dirty: boolean;
  readonly busy: boolean;
  readonly problem: string | null;
  readonly onUndo: () => void;
  readonly onSave: () => void;
  readonly busyWords?: string;
}

/** The foot of a form; it stays in view. */
export function SaveBar({ dirty, busy, problem, onUndo, onSave, busyWords = 'Saving…' }: SaveBarProps) {
  return (
    <footer className="form-actions">
      <output className={problem === null ? 'fine' : 'field-problem'} aria-live="polite">
        {problem ?? (dirty ? 'Not saved yet' : '')}
      </output>
      <span className="spacer" />
      {dirty ? (
        <Button look="quiet" isDisabled={busy} onPress={onUndo}>
          Undo
        </Button>
      ) : null}
      <Button look="primary" isDisabled={busy || !dirty} onPress={onSave}>
        {busy ? busyWords : 'Save'}
      </Button>
    </footer>
  );
}
