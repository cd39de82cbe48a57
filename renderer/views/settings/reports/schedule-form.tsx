import { Check, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { Checkbox, CheckboxGroup } from 'react-aria-components';
import { listQuestions, type ListQuestion, type ReportSchedule } from '../../../../contract/reports.ts';
import { Button } from '../../../components/button.tsx';
import { Segmented } from '../../../components/segmented.tsx';
import { listNames } from '../../../reports/export-words.ts';
import { useUnsaved } from '../../../shell/use-unsaved.ts';
import { Setting, SettingsGroup } from '../setting.tsx';
import { HourSelect } from './hour-select.tsx';
import { sameSchedule, scheduleProblem } from './schedule-words.ts';
import type { Reports } from './use-reports.ts';

const rhythms = [
  { value: 'off', label: 'Off' },
  { value: 'day', label: 'Daily' },
  { value: 'week', label: 'Weekly' },
] as const;

type Change = (part: Partial<ReportSchedule>) => void;

export function ScheduleForm({ saved, reports }: { saved: ReportSchedule; reports: Reports }) {
  const [draft, setDraft] = useState(saved);
  const changed = !sameSchedule(draft, saved);
  const problem = scheduleProblem(draft);
  useUnsaved('the schedule of reports', changed);
  const change: Change = (part) => setDraft((before) => ({ ...before, ...part }));
  return (
    <SettingsGroup
      title="Scheduled report"
      hint="CSV files of the day or week that ended, while this app runs. One that was missed is made at the next start."
    >
      <Rhythm draft={draft} change={change} />
      <Folder folder={draft.folder} change={change} choose={reports.chooseFolder} />
      <Tables chosen={draft.questions} change={change} />
      <div className="row">
        <Button
          look="primary"
          isDisabled={!changed || problem !== null || reports.saving}
          onPress={() => reports.save(draft)}
        >
          {reports.saving ? 'Saving…' : 'Save'}
        </Button>
        {changed ? (
          <Button look="quiet" onPress={() => setDraft(saved)}>
            Undo changes
          </Button>
        ) : null}
        {changed && problem !== null ? <span className="field-problem">{problem}</span> : null}
      </div>
    </SettingsGroup>
  );
}

function Rhythm({ draft, change }: { draft: ReportSchedule; change: Change }) {
  return (
    <>
      <Setting name="Make a report" hint="Daily: of the day before. Weekly: on Mondays, of the week before.">
        <Segmented
          label="Make a report"
          value={draft.every}
          options={rhythms}
          onChange={(every) => change({ every })}
        />
      </Setting>
      <Setting name="At" hint="Of the time zone that times are shown in.">
        <HourSelect hour={draft.hour} isDisabled={draft.every === 'off'} onChange={(hour) => change({ hour })} />
      </Setting>
    </>
  );
}

interface FolderProps {
  readonly folder: string | null;
  readonly change: Change;
  readonly choose: () => Promise<string | null>;
}

function Folder({ folder, change, choose }: FolderProps) {
  const press = async (): Promise<void> => {
    const chosen = await choose();
    if (chosen !== null) change({ folder: chosen });
  };
  return (
    <Setting name="Folder">
      <div className="row report-folder">
        {folder === null ? <span className="muted">none chosen</span> : <span className="mono">{folder}</span>}
        <Button size="small" onPress={() => void press()}>
          <FolderOpen size={13} aria-hidden />
          {folder === null ? 'Choose…' : 'Change…'}
        </Button>
      </div>
    </Setting>
  );
}

function Tables({ chosen, change }: { chosen: readonly ListQuestion[]; change: Change }) {
  const take = (values: readonly string[]): void =>
    change({ questions: listQuestions.filter((question) => values.includes(question)) });
  return (
    <CheckboxGroup className="field" aria-label="Tables in the report" value={[...chosen]} onChange={take}>
      <span className="field-label">Tables</span>
      <div className="report-tables">
        {listQuestions.map((question) => (
          <Checkbox key={question} className="checkbox" value={question}>
            <span className="checkbox-box">
              <Check size={12} strokeWidth={3} aria-hidden />
            </span>
            <span>{listNames[question]}</span>
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  );
}
