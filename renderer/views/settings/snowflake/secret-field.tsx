import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import type { SecretName } from './draft.ts';
import { useIsKept, useSnowflakeForm, useTextField } from './form-context.ts';

export interface SecretFieldProps {
  readonly name: SecretName;
  readonly label: string;
  readonly fresh?: boolean; // the kept one does not fit any more, so it has to be typed
}

/** A secret that is known is never shown, only said; replacing it opens an empty field. */
export function SecretField({ name, label, fresh = false }: SecretFieldProps) {
  const { keptWords, state, dispatch } = useSnowflakeForm();
  const field = useTextField(name);
  if (useIsKept(name) && !fresh) {
    return (
      <KeptSecret label={label} words={keptWords}>
        <Button size="small" onPress={() => dispatch({ kind: 'replacing', field: name })}>
          Replace
        </Button>
      </KeptSecret>
    );
  }
  return <Field label={label} type="password" takesFocus={state.replacing.has(name)} {...field} />;
}

export interface KeptSecretProps {
  readonly label: string;
  readonly words: string;
  readonly children: ReactNode;
}

export function KeptSecret({ label, words, children }: KeptSecretProps) {
  return (
    <div className="field">
      <span className="field-label">{label}</span>
      <div className="kept-secret">
        <Lock size={14} aria-hidden />
        <span>{words}</span>
        <span className="spacer" />
        {children}
      </div>
    </div>
  );
}
