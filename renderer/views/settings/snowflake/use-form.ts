import { useMemo, useReducer } from 'react';
import type { SnowflakeState } from '../../../../contract/snowflake.ts';
import { useUnsaved } from '../../../shell/use-unsaved.ts';
import { initialForm, isDirty, reduceForm } from './draft.ts';
import type { SnowflakeFormContext } from './form-context.ts';
import { keptWords } from './secrets-words.ts';
import { checkDraft } from './validate.ts';

export interface FormHandle extends SnowflakeFormContext {
  readonly dirty: boolean;
}

/** The form's state; the shell knows while something in it is unsaved. */
export function useForm(snowflake: SnowflakeState): FormHandle {
  const [state, dispatch] = useReducer(reduceForm, snowflake.settings, initialForm);
  const { secretsKnown } = snowflake;
  const checked = useMemo(() => checkDraft(state.draft, secretsKnown), [state.draft, secretsKnown]);
  const dirty = isDirty(state);
  useUnsaved('Snowflake settings', dirty);
  return { state, checked, secretsKnown, keptWords: keptWords(snowflake), dispatch, dirty };
}
