import type { ReactNode } from 'react';
import { Switch } from 'react-aria-components';
import { Field } from '../../../components/field.tsx';
import { Setting, SettingsGroup } from '../setting.tsx';
import { alarmProblem, type AlarmDraft, type AlarmField, type AlarmName } from './alarm-draft.ts';
import type { AlertsDraft } from './alerts-draft.ts';
import type { ChangeAlerts } from './use-alerts-form.ts';

export interface AlarmSettingsProps {
  readonly draft: AlertsDraft;
  readonly change: ChangeAlerts;
}

export function AlarmSettings({ draft, change }: AlarmSettingsProps) {
  return (
    <SettingsGroup
      title="Alarms"
      hint="Over all generation calls of the last minutes. With fewer calls than the minimum an alarm stays silent."
    >
      <Alarm
        name="errorRate"
        title="Error rate"
        hint="Too many calls fail. Calls that the client gave up are no errors."
        level={{ label: 'Above', unit: '%' }}
        alarm={draft.errorRate}
        onChange={(errorRate) => change({ errorRate })}
      />
      <Alarm
        name="latency"
        title="Slow answers"
        hint="The slowest 5 % of calls (p95) take longer than this, from request to last byte."
        level={{ label: 'Longer than', unit: 's' }}
        alarm={draft.latency}
        onChange={(latency) => change({ latency })}
      />
    </SettingsGroup>
  );
}

interface AlarmProps {
  readonly name: AlarmName;
  readonly title: string;
  readonly hint: string;
  readonly level: { readonly label: string; readonly unit: string };
  readonly alarm: AlarmDraft;
  readonly onChange: (alarm: AlarmDraft) => void;
}

function Alarm({ name, title, hint, level, alarm, onChange }: AlarmProps) {
  const input = (field: AlarmField, label: string, unit: string): ReactNode => (
    <Field
      label={label}
      unit={unit}
      digits
      value={alarm[field]}
      onChange={(text) => onChange({ ...alarm, [field]: text })}
      problem={alarmProblem(name, field, alarm)}
    />
  );
  return (
    <fieldset className="alarm" aria-label={title}>
      <Setting name={title} hint={hint}>
        <Switch
          className="switch"
          aria-label={title}
          isSelected={alarm.on}
          onChange={(on) => onChange({ ...alarm, on })}
        >
          <span className="switch-track" />
        </Switch>
      </Setting>
      {alarm.on ? (
        <div className="alarm-fields">
          {input('level', level.label, level.unit)}
          {input('minutes', 'Within', 'min')}
          {input('minCalls', 'At least', 'calls')}
        </div>
      ) : null}
    </fieldset>
  );
}
