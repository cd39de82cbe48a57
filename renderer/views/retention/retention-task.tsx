import { useMutation } from '@tanstack/react-query';
import { Button } from '../../components/button.tsx';
import { CodeSnippet } from '../../components/code-snippet.tsx';
import { valueOf } from '../../query/ask-error.ts';
import { useServices } from '../../shell/services.tsx';

/** The same retention as a TASK inside Snowflake, for a team that wants it to run without any gateway. Printed, never executed. */
export function RetentionTaskScript() {
  const { bridge } = useServices();
  const setup = useMutation({ mutationFn: () => valueOf(bridge.ask('setupSnowflake', { dryRun: true })) });
  if (setup.data !== undefined) {
    return (
      <section className="script">
        <h3>Retention inside Snowflake</h3>
        <p className="fine">For an administrator to read, adapt and run. The gateway never runs it.</p>
        <CodeSnippet code={setup.data.optional} what="TASK script" />
      </section>
    );
  }
  return (
    <div className="row">
      <Button size="small" isDisabled={setup.isPending} onPress={() => setup.mutate()}>
        {setup.isPending ? 'Asking Snowflake…' : 'Show a TASK that does this inside Snowflake'}
      </Button>
      <output className="field-problem">{setup.error?.message}</output>
    </div>
  );
}
