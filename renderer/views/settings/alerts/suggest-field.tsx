import type { ReactNode } from 'react';
import { ComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components';

export interface SuggestFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly suggestions: readonly string[];
  readonly placeholder: string;
  readonly hint: ReactNode;
  readonly problem: string | null;
}

/** A text field that offers what is known; any other text may be typed. */
export function SuggestField({ label, value, onChange, suggestions, placeholder, hint, problem }: SuggestFieldProps) {
  return (
    <ComboBox
      className="field"
      inputValue={value}
      onInputChange={onChange}
      isInvalid={problem !== null}
      menuTrigger="focus"
      allowsCustomValue
    >
      <Label>{label}</Label>
      <span className="input-frame">
        <Input className="input" placeholder={placeholder} spellCheck="false" />
      </span>
      <Text slot="description" className="fine">
        {hint}
      </Text>
      <FieldError className="field-problem">{problem}</FieldError>
      <Popover className="popover suggestions" offset={4}>
        <ListBox className="menu">
          {suggestions.map((text) => (
            <ListBoxItem key={text} id={text} textValue={text}>
              <span className="ellipsis">{text}</span>
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
