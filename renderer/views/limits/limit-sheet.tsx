import { useState } from 'react';
import type { LimitRow } from '../../../contract/analytics.ts';
import type { RateLimit } from '../../../contract/thresholds.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { draftOf, fieldLabels, fieldProblem, isComplete, limitFields } from './limit-draft.ts';
import { useSaveLimit } from './use-save-limit.ts';

export interface LimitSheetProps {
  readonly row: LimitRow;
  readonly limit: RateLimit | null;
  readonly onClose: () => void;
}

/** The limits a provider granted for one model and key. They are nowhere to be asked for, so a person copies them. */
export function LimitSheet({ row, limit, onClose }: LimitSheetProps) {
  const [draft, setDraft] = useState(draftOf(limit));
  const save = useSaveLimit(row, onClose);
  return (
    <Sheet title="Limits your provider grants" onClose={onClose}>
      <form
        className="limit-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete(draft)) save.mutate(draft);
        }}
      >
        <p className="muted">
          For {row.model ?? 'calls without a model'}
          {row.key === null ? '' : `, key ${row.key}`}. Copy them from the rate limit page of your provider; leave a
          field empty where there is none.
        </p>
        {limitFields.map((field, index) => (
          <Field
            key={field}
            label={fieldLabels[field]}
            value={draft[field]}
            onChange={(text) => setDraft({ ...draft, [field]: text })}
            problem={fieldProblem(draft[field])}
            takesFocus={index === 0}
            digits
          />
        ))}
        <div className="row">
          <Button type="submit" look="primary" isDisabled={!isComplete(draft) || save.isPending}>
            Save limits
          </Button>
          <Button look="quiet" onPress={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
