import { useState } from 'react';
import type { SnowflakeForm } from '../../../../contract/ipc.ts';
import type { SnowflakeState } from '../../../../contract/snowflake.ts';
import { Confirm } from '../../../components/confirm.tsx';
import { SetupSheet } from '../../snowflake/setup-sheet.tsx';
import { TestPanel } from '../../snowflake/test-panel.tsx';
import { useConnectionTest } from '../../snowflake/use-connection-test.ts';
import { Note } from '../app-only.tsx';
import { ConnectionFields } from './connection-fields.tsx';
import { DeliveryFields } from './delivery-fields.tsx';
import { FormActions } from './form-actions.tsx';
import { FormContext } from './form-context.ts';
import { LoginFields } from './login-fields.tsx';
import { TablesPanel } from './tables-panel.tsx';
import { useForm, type FormHandle } from './use-form.ts';
import { useSaveSnowflake } from './use-save.ts';

type Asking = 'setup' | 'forget' | null;

/** The connection as a form: typed on the left, tested on the right, saved at the foot. */
export function SnowflakeFormPage({ snowflake }: { snowflake: SnowflakeState }) {
  const form = useForm(snowflake);
  const test = useConnectionTest();
  const [asking, setAsking] = useState<Asking>(null);
  const close = (): void => setAsking(null);
  const saving = useSaveSnowflake(({ settings }) => form.dispatch({ kind: 'loaded', settings }));
  return (
    <FormContext value={form}>
      <div className="with-aside">
        <div className="form-body">
          <Notes snowflake={snowflake} />
          <LoginAndPlace />
          <FormActions
            form={form}
            saved={snowflake.settings !== null}
            busy={saving.busy}
            testing={test.phase === 'running'}
            onTest={whenValid(form, test.run)}
            onSave={whenValid(form, saving.save)}
            onForget={() => setAsking('forget')}
          />
        </div>
        <aside className="form-aside">
          <TestPanel test={test} idle="Checks every step with what is typed here, saved or not; nothing is changed." />
          <TablesPanel ready={snowflake.settings !== null && !form.dirty} onSetup={() => setAsking('setup')} />
        </aside>
      </div>
      {asking === 'setup' ? <SetupSheet onClose={close} /> : null}
      {asking === 'forget' ? <ForgetDialog forget={saving.forget} close={close} waiting={snowflake} /> : null}
    </FormContext>
  );
}

/** Where the settings come from, when not from here, and why secrets that were saved are not there any more. */
function Notes({ snowflake: { editNote, secretsKept, keptNote } }: { readonly snowflake: SnowflakeState }) {
  return (
    <>
      {editNote === null ? null : <Note>{editNote}</Note>}
      {secretsKept === null && keptNote !== null ? <Note warn>{keptNote}</Note> : null}
    </>
  );
}

function LoginAndPlace() {
  return (
    <>
      <ConnectionFields />
      <LoginFields />
      <DeliveryFields />
    </>
  );
}

/** Does it when everything is valid; otherwise names every problem and goes to the first. */
function whenValid({ checked, dispatch }: FormHandle, act: (form: SnowflakeForm) => void): () => void {
  return () => {
    if (checked.form !== null) return act(checked.form);
    dispatch({ kind: 'submitted' });
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.form-body [aria-invalid=true]')?.focus());
  };
}

interface ForgetDialogProps {
  readonly forget: () => void;
  readonly close: () => void;
  readonly waiting: SnowflakeState;
}

function ForgetDialog({ forget, close, waiting: { health } }: ForgetDialogProps) {
  const confirm = (): void => {
    forget();
    close();
  };
  return (
    <Confirm title="Forget Snowflake?" confirm="Forget" onConfirm={confirm} onCancel={close}>
      <p>Settings and secrets are removed from this computer and delivery stops.</p>
      <p>
        Calls that are in Snowflake stay there. All calls stay on this computer
        {health.backlogRows === 0 ? '.' : `, also the ${health.backlogRows} that wait to be sent.`}
      </p>
    </Confirm>
  );
}
