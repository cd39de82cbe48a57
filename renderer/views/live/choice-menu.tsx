import { Check, ChevronDown, X } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';

export interface ChoiceMenuProps<T extends string> {
  readonly label: string;
  readonly chosen: readonly T[];
  /** Asked when the menu opens, so that a busy tail costs nothing while it is closed. */
  readonly options: () => readonly { readonly value: T; readonly label: string }[];
  readonly onToggle: (value: T) => void;
}

/** A menu of values and a chip for each chosen one. */
export function ChoiceMenu<T extends string>({ label, chosen, options, onToggle }: ChoiceMenuProps<T>) {
  return (
    <>
      <MenuTrigger>
        <Button className={chosen.length > 0 ? 'button plain small active' : 'button plain small'}>
          {label}
          <ChevronDown size={12} aria-hidden />
        </Button>
        <Popover className="popover menu-popover" placement="bottom start" offset={4}>
          <Choices label={label} chosen={chosen} options={options} onToggle={onToggle} />
        </Popover>
      </MenuTrigger>
      {chosen.map((value) => (
        <Button key={value} className="chip" aria-label={`Remove ${label} ${value}`} onPress={() => onToggle(value)}>
          {value.replaceAll('_', ' ')}
          <X size={12} aria-hidden />
        </Button>
      ))}
    </>
  );
}

function Choices<T extends string>({ label, chosen, options, onToggle }: ChoiceMenuProps<T>) {
  const all = options();
  return (
    <Menu
      className="menu"
      aria-label={label}
      selectionMode="multiple"
      selectedKeys={chosen}
      shouldCloseOnSelect={false}
    >
      {all.length === 0 ? <MenuItem isDisabled>Nothing to choose yet</MenuItem> : null}
      {all.map((option) => (
        <MenuItem key={option.value} id={option.value} textValue={option.label} onAction={() => onToggle(option.value)}>
          {({ isSelected }) => (
            <>
              <span className="menu-check">{isSelected ? <Check size={13} aria-hidden /> : null}</span>
              {option.label}
            </>
          )}
        </MenuItem>
      ))}
    </Menu>
  );
}
