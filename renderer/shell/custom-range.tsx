import { fromAbsolute, toCalendarDateTime } from '@internationalized/date';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import {
  Button,
  CalendarCell,
  CalendarGrid,
  DateInput,
  DateRangePicker,
  DateSegment,
  Group,
  Heading,
  Label,
  RangeCalendar,
  type DateRangePickerProps,
  type DateValue,
} from 'react-aria-components';
import { customPeriod, type Bounds, type Period } from '../range/range-state.ts';
import { useZone } from './services.tsx';

type Value = DateRangePickerProps<DateValue>['value'];

export interface CustomRangeProps {
  readonly bounds: Bounds;
  readonly onChoose: (period: Period) => void;
}

/** A period by calendar and by typed date and time, in the shown zone. */
export function CustomRange({ bounds, onChoose }: CustomRangeProps) {
  const tz = useZone();
  const wall = (atMs: number): DateValue =>
    toCalendarDateTime(fromAbsolute(atMs, tz)).set({ second: 0, millisecond: 0 });
  const [value, setValue] = useState<NonNullable<Value> | null>({ start: wall(bounds.fromMs), end: wall(bounds.toMs) });
  const period = value === null ? null : customPeriod(value.start.toDate(tz).getTime(), value.end.toDate(tz).getTime());
  return (
    <DateRangePicker className="date-range" granularity="minute" hourCycle={24} value={value} onChange={setValue}>
      <Label>Custom period</Label>
      <Group className="date-fields">
        <DateInput slot="start">{(segment) => <DateSegment segment={segment} />}</DateInput>
        <span aria-hidden>–</span>
        <DateInput slot="end">{(segment) => <DateSegment segment={segment} />}</DateInput>
      </Group>
      <MonthCalendar />
      <div className="row">
        <output className="fine">{period === null ? 'The end must be at least a minute after the start' : ''}</output>
        <span className="spacer" />
        <Button
          slot={null}
          className="button primary small"
          isDisabled={period === null}
          onPress={() => period !== null && onChoose(period)}
        >
          Apply
        </Button>
      </div>
    </DateRangePicker>
  );
}

function MonthCalendar() {
  return (
    <RangeCalendar className="calendar">
      <header>
        <Button slot="previous" className="icon-button">
          <ChevronLeft size={15} aria-hidden />
        </Button>
        <Heading />
        <Button slot="next" className="icon-button">
          <ChevronRight size={15} aria-hidden />
        </Button>
      </header>
      <CalendarGrid>{(date) => <CalendarCell date={date} />}</CalendarGrid>
    </RangeCalendar>
  );
}
