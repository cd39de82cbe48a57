import type { ReactNode } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components';

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly onBlur?: () => void;
  readonly hint?: ReactNode;
  readonly problem?: string | null;
  readonly optional?: boolean;
  readonly type?: 'text' | 'password' | 'multiline';
  readonly placeholder?: string;
  readonly digits?: boolean; // a number is typed: numeric keyboard, digits of equal width
  /** After the input, inside its frame: "days". */
  readonly unit?: string;
  /** Only where a person has just asked for this field. */
  readonly takesFocus?: boolean;
}

/** A labelled text field with its hint and, below it, what is wrong; both belong to the field for screen readers. */
export function Field(props: FieldProps) {
  const { label, value, onChange, onBlur, hint, problem = null, optional = false, type, takesFocus = false } = props;
  return (
    <TextField
      className="field"
      type={type === 'password' ? 'password' : 'text'}
      value={value}
      onChange={onChange}
      isInvalid={problem !== null}
      autoComplete="off"
      spellCheck="false"
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- the field takes the place of the button that was pressed to get it
      autoFocus={takesFocus}
      {...(onBlur === undefined ? {} : { onBlur })}
    >
      <Label>
        {label}
        {optional ? <span className="fine"> optional</span> : null}
      </Label>
      <Control {...props} />
      {hint === undefined ? null : (
        <Text slot="description" className="fine">
          {hint}
        </Text>
      )}
      <FieldError className="field-problem">{problem}</FieldError>
    </TextField>
  );
}

function Control({ type, placeholder = '', digits = false, unit }: FieldProps) {
  if (type === 'multiline') return <TextArea className="input" placeholder={placeholder} rows={5} />;
  return (
    <span className="input-frame">
      <Input
        className={digits ? 'input num' : 'input'}
        placeholder={placeholder}
        {...(digits ? { inputMode: 'numeric' } : {})}
      />
      {unit === undefined ? null : <span className="input-unit">{unit}</span>}
    </span>
  );
}
