import { PlugZap } from 'lucide-react';
import { Button } from '../../../components/button.tsx';
import type { FormHandle } from './use-form.ts';

export interface FormActionsProps {
  readonly form: FormHandle;
  readonly saved: boolean; // there is something to forget
  readonly busy: boolean;
  readonly testing: boolean;
  readonly onTest: () => void;
  readonly onSave: () => void;
  readonly onForget: () => void;
}

/** The foot of the form; it stays in view. */
export function FormActions({
  form: { dirty, checked, state, dispatch },
  saved,
  busy,
  testing,
  ...on
}: FormActionsProps) {
  const problems = state.submitted ? checked.problems.size : 0;
  return (
    <footer className="form-actions">
      <Button isDisabled={testing} onPress={on.onTest}>
        <PlugZap size={14} aria-hidden />
        {testing ? 'Testing…' : 'Test connection'}
      </Button>
      {saved ? (
        <Button look="quiet" isDisabled={busy} onPress={on.onForget}>
          Forget…
        </Button>
      ) : null}
      <span className="spacer" />
      <FormNote dirty={dirty} problems={problems} />
      {dirty ? (
        <Button look="quiet" onPress={() => dispatch({ kind: 'undone' })}>
          Undo
        </Button>
      ) : null}
      <Button look="primary" isDisabled={busy || !dirty} onPress={on.onSave}>
        Save
      </Button>
    </footer>
  );
}

function FormNote({ dirty, problems }: { dirty: boolean; problems: number }) {
  const words = problems === 0 ? (dirty ? 'Not saved yet' : '') : `${problems} to correct`;
  return (
    <output className={problems === 0 ? 'fine' : 'field-problem'} aria-live="polite">
      {words}
    </output>
  );
}
