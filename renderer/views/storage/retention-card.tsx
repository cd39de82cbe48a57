import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { valueOf } from '../../query/ask-error.ts';
import { askKey, useAsk } from '../../query/use-question.ts';
import { useActions, useServices, useZone } from '../../shell/services.tsx';
import { retentionFacts } from './storage-facts.ts';
import { StoreFacts } from './store-card.tsx';

/** How long calls are kept, in one line each. */
export function RetentionCard({ withSnowflake }: { withSnowflake: boolean }) {
  const query = useAsk('retentionState', undefined);
  const { go } = useActions();
  const tz = useZone();
  return (
    <Panel
      title="Retention"
      className="retention-card"
      query={query}
      isEmpty={() => false}
      empty={null}
      actions={
        <Button size="small" look="quiet" onPress={() => go('settings', 'retention')}>
          Change…
        </Button>
      }
    >
      {(state) => (
        <>
          <StoreFacts inLine facts={retentionFacts(state, withSnowflake, tz)} />
          {state.held === null ? null : <Held why={state.held} />}
        </>
      )}
    </Panel>
  );
}

/** The clock is doubted: a person can say that it is right, and then old calls are deleted at once. */
function Held({ why }: { why: string }) {
  const { bridge } = useServices();
  const client = useQueryClient();
  const confirm = useMutation({
    mutationFn: () => valueOf(bridge.ask('confirmClock', undefined)),
    onSuccess: (state) => client.setQueryData(askKey('retentionState', undefined), state),
  });
  return (
    <output className="held">
      {why}{' '}
      <Button size="small" isDisabled={confirm.isPending} onPress={() => confirm.mutate()}>
        The clock is right
      </Button>
      {confirm.error === null ? null : <span className="bad"> {confirm.error.message}</span>}
    </output>
  );
}
