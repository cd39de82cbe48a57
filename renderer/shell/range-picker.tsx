import { CalendarClock, Check, ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { Button, Dialog, DialogTrigger, Popover, Switch } from 'react-aria-components';
import { rangePresets } from '../../contract/analytics.ts';
import { useNow } from '../components/use-now.ts';
import { periodLabel } from '../range/range-query.ts';
import { boundsOf, presetLabels, type Period } from '../range/range-state.ts';
import { CustomRange } from './custom-range.tsx';
import { useActions, useShell, useZone } from './services.tsx';

/** The period of the whole window. */
export function RangePicker() {
  const { choosePeriod } = useActions();
  return <PeriodPicker period={useShell((state) => state.range.period)} onChoose={choosePeriod} />;
}

export interface PeriodPickerProps {
  readonly period: Period;
  readonly onChoose: (period: Period) => void;
}

export function PeriodPicker({ period, onChoose }: PeriodPickerProps) {
  const [open, setOpen] = useState(false);
  const nowMs = useNow(60_000);
  const bounds = boundsOf(period, nowMs, useZone());
  const choose = (next: Period): void => {
    onChoose(next);
    setOpen(false);
  };
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button className="button plain normal range-button" data-range>
        <CalendarClock size={14} aria-hidden />
        {periodLabel(period, bounds)}
        <ChevronDown size={13} aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom end" offset={6}>
        <Dialog className="range-dialog" aria-label="Period">
          <PresetList period={period} onChoose={choose} />
          <div className="range-custom">
            <CustomRange bounds={bounds} onChoose={choose} />
            <UtcSwitch />
          </div>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function PresetList({ period, onChoose }: { period: Period; onChoose: (period: Period) => void }) {
  return (
    <ul className="presets" aria-label="Relative periods">
      {rangePresets.map((preset) => {
        const current = period.kind === 'preset' && period.preset === preset;
        return (
          <li key={preset}>
            <Button
              className="preset"
              {...(current ? { 'aria-current': 'true' as const } : {})}
              onPress={() => onChoose({ kind: 'preset', preset })}
            >
              {presetLabels[preset]}
              {current ? <Check size={14} aria-hidden /> : null}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

function UtcSwitch() {
  const utc = useShell((state) => state.settings.utc);
  const { save } = useActions();
  return (
    <Switch className="switch" isSelected={utc} onChange={(next) => void save({ utc: next })}>
      <span className="switch-track" />
      Show times in UTC
    </Switch>
  );
}
