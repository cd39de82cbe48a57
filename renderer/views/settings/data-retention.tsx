import { PanelError, Skeleton } from '../../components/panel.tsx';
import { useAsk } from '../../query/use-question.ts';
import { useShell } from '../../shell/services.tsx';
import { RetentionTaskScript } from '../retention/retention-task.tsx';
import { RetentionForm } from '../retention/retention-form.tsx';
import { SettingsGroup } from './setting.tsx';

/** How long calls are kept, here and in Snowflake. Nothing is deleted before its count was shown and confirmed. */
export function DataRetention() {
  const query = useAsk('retentionState', undefined);
  const snowflake = useAsk('snowflakeState', undefined);
  const stale = useShell((state) => state.status !== null && state.status.live === 'lost');
  if (query.data === undefined) {
    return query.error === null ? (
      <Skeleton />
    ) : (
      <PanelError error={query.error} where="Data & retention" retry={() => void query.refetch()} />
    );
  }
  const configured = snowflake.data?.settings !== null && snowflake.data !== undefined;
  return (
    <div className="form-body" data-stale={stale}>
      <SettingsGroup
        title="On this computer"
        hint="The journal and the embedded DuckDB. Calls that Snowflake has not taken yet are kept in any case."
      >
        <RetentionForm target="local" state={query.data} />
      </SettingsGroup>
      <SettingsGroup title="In Snowflake" hint="Calls of this and all other gateways that deliver to the same tables.">
        {configured ? (
          <>
            <RetentionForm target="snowflake" state={query.data} />
            <TimeTravelNote />
            <RetentionTaskScript />
          </>
        ) : (
          <p className="muted">No Snowflake is configured.</p>
        )}
      </SettingsGroup>
    </div>
  );
}

function TimeTravelNote() {
  return (
    <p className="callout">
      <span>
        Deleted rows go on costing storage for a while: Snowflake keeps them for Time Travel (one day unless the table
        says otherwise) and, on permanent tables, seven days more for Fail-safe. Transient tables have no Fail-safe.
      </span>
    </p>
  );
}
