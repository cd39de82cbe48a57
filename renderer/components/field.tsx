import { useId, type ReactNode } from 'react';
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
  readonly digits?: boolean; // a number is typed: numeric keyboard, equal widths
  /** After the input, inside its frame: "days". */
  readonly unit?: string;
}

/** A labelled text field with its hint and, beside it, what is wrong; both belong to the field for screen readers. */
export function Field({ label, optional = false, hint, problem = null, type = 'text', unit, ...rest }: FieldProps) {
  const { value, onChange, onBlur, placeholder, digits = false } = rest;
  const unitId = useId();
  const shared = { className: digits ? 'input num' : 'input', ...(placeholder === undefined ? {} : { placeholder }) };
  return (
    <TextField
      className="field"
      type={type === 'password' ? 'password' : 'text'}
      value={value}
      onChange={onChange}
      isInvalid={problem !== null}
      autoComplete="off"
      spellCheck="false"
      {...(onBlur === undefined ? {} : { onBlur })}
    >
      <Label>
        {label}
        {optional ? <span className="fine"> optional</span> : null}
      </Label>
      {type === 'multiline' ? (
        <TextArea {...shared} rows={5} />
      ) : (
        <span className="input-frame">
          <Input {...shared} {...(digits ? { inputMode: 'numeric' } : {})} />
          {unit === undefined ? null : (
            <span className="input-unit" id={unitId}>
              {unit}
            </span>
          )}
        </span>
      )}
      {hint === undefined ? null : (
        <Text slot="description" className="fine">
          {hint}
        </Text>
      )}
      <FieldError className="field-problem">{problem}</FieldError>
    </TextField>
  );
}
