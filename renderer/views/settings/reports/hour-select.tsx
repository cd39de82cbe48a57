import { ChevronDown } from 'lucide-react';
import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import { hourLabel, hours } from './schedule-words.ts';

export interface HourSelectProps {
  readonly hour: number;
  readonly isDisabled: boolean;
  readonly onChange: (hour: number) => void;
}

/** An hour of the day, every one of them a click or a few typed digits away. */
export function HourSelect({ hour, isDisabled, onChange }: HourSelectProps) {
  return (
    <Select aria-label="Hour" isDisabled={isDisabled} value={String(hour)} onChange={(key) => onChange(Number(key))}>
      <Button className="button plain normal">
        <SelectValue className="num" />
        <ChevronDown size={13} aria-hidden />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox className="menu num">
          {hours.map((each) => (
            <ListBoxItem key={each} id={String(each)}>
              {hourLabel(each)}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
