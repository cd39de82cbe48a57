import type { ThresholdsState } from '../../../../contract/thresholds.ts';
import { PanelError, Skeleton } from '../../../components/panel.tsx';
import { useAsk } from '../../../query/use-question.ts';
import { useShell } from '../../../shell/services.tsx';
import { Note } from '../app-only.tsx';
import { SaveBar } from '../save-bar.tsx';
import { SettingsGroup } from '../setting.tsx';
import { AlarmSettings } from './alarm-settings.tsx';
import { zoneProblem } from './alerts-draft.ts';
import { BudgetList } from './budget-list.tsx';
import { NoticeSwitches } from './notice-switches.tsx';
import { SuggestField } from './suggest-field.tsx';
import { useAlertsForm } from './use-alerts-form.ts';

/** What people want to be told of. Budgets and alarms are kept by the gateway, notices by the app. */
export function AlertsPage() {
  const query = useAsk('thresholds', undefined);
  const stale = useShell((state) => state.status !== null && state.status.live === 'lost');
  if (query.data === undefined) {
    return query.error === null ? (
      <Skeleton />
    ) : (
      <PanelError error={query.error} where="Budgets & alerts" retry={() => void query.refetch()} />
    );
  }
  return (
    <div className="form-body" data-stale={stale}>
      <AlertsForm state={query.data} />
    </div>
  );
}

function AlertsForm({ state: { thresholds, setAside, fault } }: { readonly state: ThresholdsState }) {
  const { draft, dirty, busy, problem, change, undo, save } = useAlertsForm(thresholds);
  return (
    <>
      {setAside === null ? null : (
        <Note warn>
          The file with budgets, alarms and limits was damaged and is kept as {setAside}. The defaults hold since.
        </Note>
      )}
      {fault === null ? null : <Note warn>{fault} What you see here are the defaults.</Note>}
      <BudgetList budgets={draft.budgets} onChange={(budgets) => change({ budgets })} />
      <AlarmSettings draft={draft} change={change} />
      <ZoneSetting tz={draft.tz} onChange={(tz) => change({ tz })} />
      <NoticeSwitches />
      <SaveBar dirty={dirty} busy={busy} problem={problem} onUndo={undo} onSave={save} />
    </>
  );
}

const zones: readonly string[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

function ZoneSetting({ tz, onChange }: { readonly tz: string; readonly onChange: (tz: string) => void }) {
  return (
    <SettingsGroup title="Days and months of budgets">
      <SuggestField
        label="Time zone"
        placeholder="That of the gateway’s computer"
        hint="Where a day and a month of a budget begin. Empty: the zone of the computer the gateway runs on."
        suggestions={zones}
        value={tz}
        onChange={onChange}
        problem={zoneProblem(tz)}
      />
    </SettingsGroup>
  );
}
