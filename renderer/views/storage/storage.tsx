import { useAsk } from '../../query/use-question.ts';
import { useShell } from '../../shell/services.tsx';
import { TestPanel } from '../snowflake/test-panel.tsx';
import { useConnectionTest } from '../snowflake/use-connection-test.ts';
import { DuckdbCard } from './duckdb-card.tsx';
import { JournalCard } from './journal-card.tsx';
import { RetentionCard } from './retention-card.tsx';
import { SnowflakeCard } from './snowflake-card.tsx';

/** Where calls are kept, in the order they travel: journal, embedded analytics, the team's Snowflake. */
export function Storage() {
  const health = useAsk('health', undefined);
  const snowflake = useAsk('snowflakeState', undefined);
  const test = useConnectionTest();
  const stale = useShell((state) => state.status !== null && state.status.live === 'lost');
  const configured = snowflake.data?.settings !== null && snowflake.data !== undefined;
  return (
    <div className="storage" data-stale={stale}>
      <JournalCard query={health} />
      <DuckdbCard query={health} />
      <SnowflakeCard query={snowflake} test={test} />
      {test.phase === 'untried' ? null : <TestPanel test={test} idle="" />}
      <RetentionCard withSnowflake={configured} />
    </div>
  );
}
