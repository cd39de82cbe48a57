import { CloudUpload, PlugZap, Settings2 } from 'lucide-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { SnowflakeState } from '../../../contract/snowflake.ts';
import { Button } from '../../components/button.tsx';
import { useNow } from '../../components/use-now.ts';
import { snowflakeLook } from '../../format/health.ts';
import { useActions, useZone } from '../../shell/services.tsx';
import { creditsFootnote } from '../snowflake/credits.ts';
import type { ConnectionTest } from '../snowflake/use-connection-test.ts';
import { useSync } from '../snowflake/use-sync.ts';
import { snowflakeFacts } from './storage-facts.ts';
import { StoreActions, StoreCard, StoreFacts, StoreState } from './store-card.tsx';

export interface SnowflakeCardProps {
  readonly query: UseQueryResult<SnowflakeState>;
  readonly test: ConnectionTest;
}

/** The team's own Snowflake; without one, what it would be good for. */
export function SnowflakeCard({ query, test }: SnowflakeCardProps) {
  const account = query.data?.settings?.profile.account;
  return (
    <StoreCard title="Snowflake" {...(account === undefined ? {} : { note: account })} query={query}>
      {(state) => (state.settings === null ? <NotConfigured state={state} /> : <Delivery state={state} test={test} />)}
    </StoreCard>
  );
}

function NotConfigured({ state: { editable, editNote } }: { state: SnowflakeState }) {
  const { go } = useActions();
  return (
    <div className="panel-empty">
      <CloudUpload size={22} aria-hidden />
      <p>Send every call to your team’s own Snowflake, and see all gateways of the team in one place.</p>
      {editable ? (
        <Button look="primary" onPress={() => go('settings', 'snowflake')}>
          Set up Snowflake
        </Button>
      ) : (
        <p className="fine">{editNote}</p>
      )}
    </div>
  );
}

function Delivery({ state: { health }, test }: { state: SnowflakeState; test: ConnectionTest }) {
  const clock = { nowMs: useNow(1000), tz: useZone() };
  const { busy, sync } = useSync();
  const { go } = useActions();
  return (
    <>
      <StoreState look={snowflakeLook(health)} detail={health.detail} action={health.action} error={health.lastError} />
      <StoreFacts facts={snowflakeFacts(health, clock)} />
      {health.creditsPerDay === null ? null : <p className="fine store-footnote">{creditsFootnote}</p>}
      <StoreActions>
        <Button size="small" isDisabled={test.phase === 'running'} onPress={() => test.run(null)}>
          <PlugZap size={13} aria-hidden />
          Test
        </Button>
        <Button size="small" isDisabled={busy || health.phase === null} onPress={sync}>
          <CloudUpload size={13} aria-hidden />
          {busy ? 'Sending…' : 'Sync now'}
        </Button>
        <span className="spacer" />
        <Button size="small" look="quiet" onPress={() => go('settings', 'snowflake')}>
          <Settings2 size={13} aria-hidden />
          Settings
        </Button>
      </StoreActions>
    </>
  );
}
