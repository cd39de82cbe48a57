import { useMutation } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useEffect } from 'react';
import type { SnowflakeSetup } from '../../../contract/snowflake.ts';
import { Button } from '../../components/button.tsx';
import { CodeSnippet } from '../../components/code-snippet.tsx';
import { PanelError, Skeleton } from '../../components/panel.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { valueOf } from '../../query/ask-error.ts';
import { useServices } from '../../shell/services.tsx';
import { setupWords } from './setup-words.ts';
import { StatementList } from './statement-list.tsx';

/** Tables and load procedure: first what would be done, then, when the person says so, what was done; and the scripts for others. */
export function SetupSheet({ onClose }: { onClose: () => void }) {
  const { bridge } = useServices();
  const setup = useMutation({ mutationFn: (dryRun: boolean) => valueOf(bridge.ask('setupSnowflake', { dryRun })) });
  const { mutate } = setup;
  useEffect(() => mutate(true), [mutate]);
  return (
    <Sheet title="Set up tables" side="wide" onClose={onClose}>
      {setup.isPending ? <Working dryRun={setup.variables} /> : null}
      {setup.error === null ? null : (
        <PanelError error={setup.error} where="Set up tables" retry={() => mutate(setup.variables)} />
      )}
      {setup.data === undefined ? null : <SetupResult setup={setup.data} run={() => mutate(false)} />}
    </Sheet>
  );
}

function Working({ dryRun }: { dryRun: boolean | undefined }) {
  return (
    <>
      <output className="muted">
        {dryRun === false ? 'Running the statements…' : 'Looking what is there already…'}
      </output>
      <Skeleton />
    </>
  );
}

function SetupResult({ setup, run }: { setup: SnowflakeSetup; run: () => void }) {
  const { text, tone } = setupWords(setup);
  const nothingToDo = setup.statements.every(({ state }) => state === 'present');
  return (
    <div className="setup">
      <div className="row setup-summary">
        <output className={`test-result ${tone}`}>{text}</output>
        <span className="spacer" />
        {setup.ok && !setup.dryRun ? null : (
          <Button look="primary" isDisabled={setup.dryRun && nothingToDo} onPress={run}>
            <Play size={13} aria-hidden />
            {setup.dryRun ? 'Run these statements' : 'Run again'}
          </Button>
        )}
      </div>
      <StatementList statements={setup.statements} />
      <Script
        title="Rights for the gateway’s role"
        hint="For an administrator: the least a role needs to deliver and to read. Nothing of it is executed here."
        what="GRANT script"
        code={setup.grants}
      />
      <Script
        title="Optional: clustering and a retention task"
        hint="Explained in its comments. Nothing of it is executed here."
        what="Optional script"
        code={setup.optional}
      />
    </div>
  );
}

interface ScriptProps {
  readonly title: string;
  readonly hint: string;
  readonly what: string;
  readonly code: string;
}

function Script({ title, hint, what, code }: ScriptProps) {
  return (
    <section className="script">
      <h3>{title}</h3>
      <p className="fine">{hint}</p>
      <CodeSnippet code={code} what={what} />
    </section>
  );
}
