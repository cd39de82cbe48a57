/** The form within reach of its parts, so that each field is one line. */
import { createContext, useContext } from 'react';
import { shownProblem, type Draft, type Field, type FormEvent, type FormState, type SecretName } from './draft.ts';
import type { Checked } from './validate.ts';

export interface SnowflakeFormContext {
  readonly state: FormState;
  readonly checked: Checked;
  readonly secretsKnown: readonly string[];
  /** Where the known ones are: "stored in the keychain". */
  readonly keptWords: string;
  readonly dispatch: (event: FormEvent) => void;
}

export const FormContext = createContext<SnowflakeFormContext | null>(null);

export function useSnowflakeForm(): SnowflakeFormContext {
  const form = useContext(FormContext);
  if (form === null) throw new Error('A part of the Snowflake form is used outside it');
  return form;
}

type TextName = { [K in Field]: Draft[K] extends string ? K : never }[Field];

export interface TextBinding {
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (text: string) => void;
  readonly onBlur: () => void;
}

/** Value, problem and handlers of a text field. */
export function useTextField(field: Exclude<TextName, 'authenticator'>): TextBinding {
  const { state, checked, dispatch } = useSnowflakeForm();
  return {
    value: state.draft[field],
    problem: shownProblem(state, field, checked.problems),
    onChange: (text) => dispatch({ kind: 'changed', change: { [field]: text } }),
    onBlur: () => dispatch({ kind: 'left', field }),
  };
}

/** The host has this secret and nobody is replacing it. */
export function useIsKept(name: SecretName): boolean {
  const { state, secretsKnown } = useSnowflakeForm();
  return secretsKnown.includes(name) && state.draft[name] === '' && !state.replacing.has(name);
}
