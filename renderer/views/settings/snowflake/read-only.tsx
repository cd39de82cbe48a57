import { CloudUpload, Info, PlugZap } from 'lucide-react';
import type { SnowflakeSettings, SnowflakeState } from '../../../../contract/snowflake.ts';
import { Button } from '../../../components/button.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { snowflakeLook } from '../../../format/health.ts';
import { formatExact } from '../../../format/numbers.ts';
import { TestPanel } from '../../snowflake/test-panel.tsx';
import { useConnectionTest } from '../../snowflake/use-connection-test.ts';
import { useSync } from '../../snowflake/use-sync.ts';
import { Fact, SettingsGroup } from '../setting.tsx';
import { authenticatorEntry } from './authenticators.ts';

const elsewhere =
  'These settings are made where the gateway runs: in its environment or .env file (SNOWFLAKE_* variables).';

/** Settings that come from elsewhere: what they are, and what can be done with them all the same. */
export function ReadOnlySnowflake({ snowflake }: { snowflake: SnowflakeState }) {
  const { settings, editNote, health } = snowflake;
  return (
    <div className="with-aside">
      <div className="form-body">
        <p className="callout">
          <Info size={14} aria-hidden />
          <span>{editNote ?? elsewhere}</span>
        </p>
        <SettingsGroup title="Snowflake">
          <Fact name="State">
            <StateBadge look={snowflakeLook(health)} />
          </Fact>
          {settings === null ? <p>No Snowflake is configured.</p> : <ProfileFacts settings={settings} />}
        </SettingsGroup>
      </div>
      {settings === null ? null : <Actions deliveryOff={health.phase === null} />}
    </div>
  );
}

function ProfileFacts({ settings: { profile, delivery } }: { settings: SnowflakeSettings }) {
  return (
    <>
      <Fact name="Account">{profile.account}</Fact>
      {profile.accessUrl === null ? null : <Fact name="Access URL">{profile.accessUrl}</Fact>}
      <Fact name="User">{profile.user ?? 'of the token'}</Fact>
      <Fact name="Login">{authenticatorEntry(profile.authenticator).label}</Fact>
      <Fact name="Role">{profile.role ?? 'the user’s default'}</Fact>
      <Fact name="Warehouse">{profile.warehouse}</Fact>
      <Fact name="Schema">
        {profile.database}.{profile.schema}
      </Fact>
      <Fact name="Delivery">
        {delivery.enabled
          ? `every ${delivery.intervalMinutes} min or ${formatExact(delivery.maxRows)} calls`
          : 'switched off'}
      </Fact>
    </>
  );
}

function Actions({ deliveryOff }: { deliveryOff: boolean }) {
  const test = useConnectionTest();
  const { busy, sync } = useSync();
  return (
    <aside className="form-aside">
      <div className="row">
        <Button isDisabled={test.phase === 'running'} onPress={() => test.run(null)}>
          <PlugZap size={14} aria-hidden />
          Test connection
        </Button>
        <Button isDisabled={busy || deliveryOff} onPress={sync}>
          <CloudUpload size={14} aria-hidden />
          {busy ? 'Sending…' : 'Sync now'}
        </Button>
      </div>
      <TestPanel test={test} idle="Checks every step from the network to the tables; nothing is changed." />
    </aside>
  );
}
