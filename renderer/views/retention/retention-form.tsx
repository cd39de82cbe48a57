import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { RetentionPreview, RetentionState, RetentionTarget } from '../../../contract/snowflake.ts';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/confirm.tsx';
import { Field } from '../../components/field.tsx';
import { formatExact } from '../../format/numbers.ts';
import { useZone } from '../../shell/services.tsx';
import { useUnsaved } from '../../shell/use-unsaved.ts';
import { daysOf, keptWords, previewWords, resultWords, type Days } from './retention-words.ts';
import { useApplyRetention, usePreview } from './use-retention.ts';

export interface RetentionFormProps {
  readonly target: RetentionTarget;
  readonly state: RetentionState;
}

/** Days, what they would delete, and the button that does it after a confirmation. */
export function RetentionForm({ target, state }: RetentionFormProps) {
  const saved = target === 'local' ? state.retention.localDays : state.retention.snowflakeDays;
  const [text, setText] = useState(saved === null ? '' : String(saved));
  const [asking, setAsking] = useState(false);
  const days = daysOf(text);
  const changed = days.kind === 'days' && days.days !== saved;
  const name = target === 'local' ? 'retention of this computer' : 'retention in Snowflake';
  useUnsaved(name, state.editable && text !== (saved === null ? '' : String(saved)));
  const preview = usePreview(target, days.kind === 'days' && (changed || !state.editable) ? days.days : null);
  const apply = useApplyRetention(target, state);
  const confirm = (): void => {
    setAsking(false);
    if (days.kind === 'days') apply.run(days.days);
  };
  return (
    <div className="retention">
      <DaysField text={text} setText={setText} days={days} saved={saved} />
      <Consequence days={days} changed={changed} preview={preview} apply={apply} />
      <ApplyButton
        {...{ days, changed, preview: preview.data, editable: state.editable, busy: apply.busy }}
        onPress={() => (days.kind === 'days' && days.days === null ? apply.run(null) : setAsking(true))}
      />
      {asking && preview.data !== undefined ? (
        <ConfirmDelete
          preview={preview.data}
          keep={state.editable}
          onConfirm={confirm}
          onCancel={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}

interface DaysFieldProps {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly days: Days;
  readonly saved: number | null;
}

function DaysField({ text, setText, days, saved }: DaysFieldProps) {
  return (
    <Field
      label="Keep calls for"
      digits
      unit="days"
      placeholder="for ever"
      value={text}
      onChange={setText}
      problem={days.kind === 'problem' ? days.text : null}
      hint={`Empty: for ever. At present they are ${keptWords(saved)}.`}
    />
  );
}

interface ConsequenceProps {
  readonly days: Days;
  readonly changed: boolean;
  readonly preview: ReturnType<typeof usePreview>;
  readonly apply: ReturnType<typeof useApplyRetention>;
}

/** What would happen, or what has just happened. */
function Consequence({ days, changed, preview, apply }: ConsequenceProps) {
  const tz = useZone();
  return (
    <output className="consequence num" aria-live="polite">
      {apply.result !== null && !changed ? <span className="good-text">{resultWords(apply.result, tz)}</span> : null}
      {changed && days.kind === 'days' && days.days === null ? 'Nothing is deleted any more.' : null}
      {preview.data === undefined ? null : previewWords(preview.data, tz)}
      {preview.isFetching ? 'Counting…' : null}
      {preview.error === null ? null : <span className="bad-text">{preview.error.message}</span>}
    </output>
  );
}

interface ApplyButtonProps {
  readonly days: Days;
  readonly changed: boolean;
  readonly preview: RetentionPreview | undefined;
  readonly editable: boolean;
  readonly busy: boolean;
  readonly onPress: () => void;
}

/** Where the policy lives elsewhere, old calls can still be deleted once. */
function ApplyButton({ days, changed, preview, editable, busy, onPress }: ApplyButtonProps) {
  const forEver = days.kind === 'days' && days.days === null;
  const possible = editable ? changed && (forEver || preview !== undefined) : preview !== undefined && preview.rows > 0;
  return (
    <div className="row">
      <Button isDisabled={!possible || busy} onPress={onPress}>
        {forEver ? null : <Trash2 size={14} aria-hidden />}
        {busy ? 'Deleting…' : forEver ? 'Keep for ever' : editable ? 'Apply…' : 'Delete once…'}
      </Button>
      {editable ? null : <span className="fine">The lasting setting is made where the gateway runs.</span>}
    </div>
  );
}

interface ConfirmDeleteProps {
  readonly preview: RetentionPreview;
  readonly keep: boolean; // the days become the lasting setting
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

function ConfirmDelete({ preview, keep, onConfirm, onCancel }: ConfirmDeleteProps) {
  const tz = useZone();
  const nothing = preview.rows === 0;
  const verb = nothing ? 'Apply' : `Delete ${formatExact(preview.rows)} ${preview.rows === 1 ? 'call' : 'calls'}`;
  return (
    <Confirm
      title={nothing ? 'Delete old calls from now on?' : 'Delete old calls?'}
      confirm={verb}
      onConfirm={onConfirm}
      onCancel={onCancel}
    >
      <p className="num">{previewWords(preview, tz)}</p>
      {keep ? <p>From then on, calls older than {formatExact(preview.days)} days are deleted as they age.</p> : null}
      <p className="muted">
        {preview.target === 'local'
          ? 'They are gone from this computer. What Snowflake has stays there.'
          : 'They are gone for every gateway that uses these tables.'}
      </p>
    </Confirm>
  );
}
