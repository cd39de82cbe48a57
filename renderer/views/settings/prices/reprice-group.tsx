import { History } from 'lucide-react';
import { useState } from 'react';
import type { RepriceInput, RepriceState } from '../../../../contract/prices.ts';
import { Button } from '../../../components/button.tsx';
import { Segmented } from '../../../components/segmented.tsx';
import { ShareMeter } from '../../../components/share-meter.tsx';
import { formatExact } from '../../../format/numbers.ts';
import { formatBounds } from '../../../format/time.ts';
import { boundsOf, type Period } from '../../../range/range-state.ts';
import { PeriodPicker } from '../../../shell/range-picker.tsx';
import { useZone } from '../../../shell/services.tsx';
import { useSource } from '../../../shell/use-source.ts';
import { Setting, SettingsGroup } from '../setting.tsx';
import { isCheckOf, progressWords, resultWords, sharePart } from './reprice-words.ts';
import { useReprice, type Reprice } from './use-reprice.ts';

const engines = [
  { value: 'duckdb', label: 'This computer' },
  { value: 'snowflake', label: 'Snowflake' },
  { value: 'both', label: 'Both' },
] as const;

type Engine = RepriceInput['engine'];

export interface RepriceGroupProps {
  readonly changed: boolean; // prices were saved and history still has the old ones
  readonly onDone: () => void;
}

/** Prices stored calls again: first a run that changes nothing and says what it would do, then the same run for good. */
export function RepriceGroup({ changed, onDone }: RepriceGroupProps) {
  const run = useReprice(onDone);
  const choice = useChoice(run);
  return (
    <SettingsGroup
      title="Re-price history"
      hint="Calls already stored keep their cost until they are priced again. The old price stays in the audit table."
    >
      {changed ? (
        <p className="callout">
          <History size={15} aria-hidden />
          <span>The prices have changed. Check what that means for the calls already stored.</span>
        </p>
      ) : null}
      <ChoiceFields {...choice} />
      {run.state === undefined ? null : <RunState state={run.state} />}
      {run.error === null ? null : <output className="field-problem">{run.error.message}</output>}
      <RunButtons run={run} choice={choice} changed={changed} />
    </SettingsGroup>
  );
}

interface Choice {
  readonly period: Period;
  readonly engine: Engine;
  /** What was checked: bounds fixed at that moment, so that the run is over the same calls. */
  readonly checked: RepriceInput | null;
  readonly choosePeriod: (period: Period) => void;
  readonly chooseEngine: (engine: Engine) => void;
  readonly check: () => void;
}

function useChoice({ start }: Reprice): Choice {
  const tz = useZone();
  const [period, setPeriod] = useState<Period>({ kind: 'preset', preset: '30d' });
  const [engine, setEngine] = useState<Engine>('duckdb');
  const [checked, setChecked] = useState<RepriceInput | null>(null);
  return {
    period,
    engine,
    checked,
    choosePeriod: (next) => {
      setPeriod(next);
      setChecked(null);
    },
    chooseEngine: (next) => {
      setEngine(next);
      setChecked(null);
    },
    check: () => {
      const { fromMs, toMs } = boundsOf(period, Date.now(), tz);
      const bounds = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
      setChecked({ ...bounds, engine, dryRun: true });
      start({ ...bounds, engine, dryRun: true });
    },
  };
}

function ChoiceFields({ period, engine, choosePeriod, chooseEngine }: Choice) {
  const { choice: hasSnowflake } = useSource();
  return (
    <>
      <Setting name="Calls of">
        <PeriodPicker period={period} onChoose={choosePeriod} />
      </Setting>
      {hasSnowflake ? (
        <Setting name="Stored in">
          <Segmented label="Stored in" value={engine} options={engines} onChange={chooseEngine} />
        </Setting>
      ) : null}
    </>
  );
}

function RunButtons({ run, choice, changed }: { run: Reprice; choice: Choice; changed: boolean }) {
  const { checked, check } = choice;
  const ready = run.state !== undefined && isCheckOf(run.state, checked);
  const changes = run.state?.rowsChanged ?? 0;
  return (
    <div className="row">
      <span className="spacer" />
      {run.state?.phase === 'running' ? <Button onPress={run.cancel}>Cancel</Button> : null}
      <Button isDisabled={run.busy} look={changed && !ready ? 'primary' : 'plain'} onPress={check}>
        Check what would change
      </Button>
      {ready && checked !== null && changes > 0 ? (
        <Button look="primary" onPress={() => run.start({ ...checked, dryRun: false })}>
          Re-price {formatExact(changes)} {changes === 1 ? 'call' : 'calls'}
        </Button>
      ) : null}
    </div>
  );
}

/** The run under way, or what the last one came to. */
function RunState({ state }: { state: RepriceState }) {
  const tz = useZone();
  const { phase, input, detail } = state;
  if (phase === 'idle' || input === null) return null;
  const bounds = formatBounds(input.from, input.to, tz);
  if (phase === 'running') {
    const label = `${input.dryRun ? 'Checking' : 'Re-pricing'} ${bounds}`;
    return <ShareMeter label={label} share={sharePart(state)} words={progressWords(state)} tone="good" />;
  }
  const tone = phase === 'failed' ? 'bad-text' : phase === 'done' && !input.dryRun ? 'good-text' : '';
  return (
    <output className={`consequence num ${tone}`} aria-live="polite">
      <span className="muted">{bounds}: </span>
      {phase === 'done' ? resultWords(state) : `${detail}. ${resultWords(state)}`}
    </output>
  );
}
