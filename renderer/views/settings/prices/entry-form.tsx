import { useMemo, useState, type ReactNode } from 'react';
import type { PriceOverride } from '../../../../contract/prices.ts';
import { Provider } from '../../../../contract/usage-record.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { Segmented } from '../../../components/segmented.tsx';
import { Sheet } from '../../../components/sheet.tsx';
import { providerLabel } from '../../../format/outcome.ts';
import { unitLabel, units } from '../../../format/units.ts';
import { checkEntry, rateFields, type EntryDraft, type EntryField, type RateField } from './entry-draft.ts';
import { rateLabels } from './price-words.ts';

const providers = Provider.options.map((value) => ({ value, label: providerLabel(value) }));

export interface EntryFormProps {
  readonly title: string;
  readonly initial: EntryDraft;
  readonly onDone: (entry: PriceOverride) => void;
  readonly onClose: () => void;
}

/** One own price. A field that was typed in says at once what is wrong with it; the others when the form is to be closed. */
export function EntryForm({ title, initial, onDone, onClose }: EntryFormProps) {
  const { draft, setProvider, field, entry, submitted, setSubmitted, count } = useEntry(initial);
  const submit = (): void => {
    setSubmitted(true);
    if (entry !== null) onDone(entry);
  };
  return (
    <Sheet title={title} onClose={onClose}>
      <form
        className="entry-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <ProviderChoice provider={draft.provider} onChange={setProvider} />
        <Field
          label="Model"
          placeholder="e.g. gemini-2.5-flash*"
          hint="The name as the provider calls it; * stands for any text."
          {...field('model')}
        />
        <RateFields field={field} />
        <More title="Audio, images and video" fields={rateFields.slice(4)} draft={initial}>
          {rateFields.slice(4).map((name) => (
            <RateInput key={name} name={name} field={field} />
          ))}
        </More>
        <More title="Searches, images, seconds" fields={units} draft={initial}>
          {units.map((unit) => (
            <Field key={unit} label={unitLabel(unit)} digits optional unit="$ each" {...field(unit)} />
          ))}
        </More>
        <PeriodFields field={field} />
        <FormFoot problems={submitted ? count : 0} onClose={onClose} />
      </form>
    </Sheet>
  );
}

/** The draft, what is wrong with it, and its fields. */
function useEntry(initial: EntryDraft) {
  const [draft, setDraft] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<EntryField>>(new Set());
  const [submitted, setSubmitted] = useState(false);
  const { entry, problems } = useMemo(() => checkEntry(draft), [draft]);
  const field: FieldMaker = (name) => ({
    value: draft.texts[name] ?? '',
    onChange: (text) => {
      setDraft({ ...draft, texts: { ...draft.texts, [name]: text } });
      setTouched(new Set([...touched, name]));
    },
    problem: submitted || touched.has(name) ? (problems.get(name) ?? null) : null,
  });
  const setProvider = (provider: Provider): void => setDraft({ ...draft, provider });
  return { draft, setProvider, field, entry, submitted, setSubmitted, count: problems.size };
}

function ProviderChoice({ provider, onChange }: { provider: Provider; onChange: (provider: Provider) => void }) {
  return (
    <div className="field">
      <span className="field-label">Provider</span>
      <Segmented label="Provider" value={provider} options={providers} onChange={onChange} />
    </div>
  );
}

function FormFoot({ problems, onClose }: { problems: number; onClose: () => void }) {
  return (
    <div className="row">
      <output className="field-problem" aria-live="polite">
        {problems > 0 ? `${problems} to correct` : ''}
      </output>
      <span className="spacer" />
      <Button look="quiet" onPress={onClose}>
        Cancel
      </Button>
      <Button look="primary" type="submit">
        Use this price
      </Button>
    </div>
  );
}

type FieldMaker = (name: EntryField) => {
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly problem: string | null;
};

function RateFields({ field }: { field: FieldMaker }) {
  return (
    <div className="field-row">
      <RateInput name="inputPerMillionUsd" field={field} required />
      <RateInput name="outputPerMillionUsd" field={field} required />
      <RateInput name="cachedInputPerMillionUsd" field={field} hint="Empty: the input price." />
      <RateInput name="cacheWritePerMillionUsd" field={field} hint="Empty: the input price." />
    </div>
  );
}

interface RateInputProps {
  readonly name: RateField;
  readonly field: FieldMaker;
  readonly required?: boolean;
  readonly hint?: string;
}

function RateInput({ name, field, required = false, hint }: RateInputProps) {
  return (
    <Field
      label={rateLabels[name]}
      digits
      unit="$ / M"
      optional={!required}
      {...(hint === undefined ? {} : { hint })}
      {...field(name)}
    />
  );
}

interface MoreProps {
  readonly title: string;
  readonly fields: readonly EntryField[];
  readonly draft: EntryDraft;
  readonly children: ReactNode;
}

/** What few need: closed by default, open while something in it is set. */
function More({ title, fields, draft, children }: MoreProps) {
  return (
    <details className="more" open={fields.some((name) => draft.texts[name] !== undefined)}>
      <summary>{title}</summary>
      <div className="field-row more-fields">{children}</div>
    </details>
  );
}

function PeriodFields({ field }: { field: FieldMaker }) {
  return (
    <div className="field-row">
      <Field
        label="From"
        optional
        placeholder="2026-11-01"
        hint="The first day; a day begins in UTC."
        {...field('from')}
      />
      <Field label="To" optional placeholder="2027-01-01" hint="The first day it does not hold." {...field('to')} />
    </div>
  );
}
