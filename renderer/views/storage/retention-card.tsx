import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { useAsk } from '../../query/use-question.ts';
import { useActions, useZone } from '../../shell/services.tsx';
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
      {(state) => <StoreFacts inLine facts={retentionFacts(state, withSnowflake, tz)} />}
    </Panel>
  );
}
