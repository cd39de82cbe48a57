import { PlugZap } from 'lucide-react';
import { useState } from 'react';
import type { UpstreamSetting } from '../../../../contract/app-settings.ts';
import { Provider } from '../../../../contract/usage-record.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { Segmented } from '../../../components/segmented.tsx';
import { Sheet } from '../../../components/sheet.tsx';
import { providerLabel } from '../../../format/outcome.ts';
import { checkUpstream, isDefaultName, type UpstreamDraft, type UpstreamField } from './upstream-draft.ts';
import { useUpstreamTest } from './use-upstream-test.ts';

const providers = [
  { value: 'auto', label: 'By its name' },
  ...Provider.options.map((value) => ({ value, label: providerLabel(value) })),
] as const;

export interface UpstreamFormProps {
  readonly title: string;
  readonly initial: UpstreamDraft;
  readonly taken: readonly string[];
  readonly busy: boolean;
  readonly failure: string | null;
  readonly onSave: (entry: UpstreamSetting) => void;
  readonly onClose: () => void;
}

/** One upstream. Saving restarts the gateway with it. */
export function UpstreamForm({ title, initial, taken, busy, failure, onSave, onClose }: UpstreamFormProps) {
  const { draft, change, field, checked, submit } = useDraft(initial, taken);
  return (
    <Sheet title={title} onClose={onClose}>
      <form
        className="entry-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
          if (checked.entry !== null) onSave(checked.entry);
        }}
      >
        {isDefaultName(initial.name) ? null : <NameField {...field('name')} />}
        <Field
          label="Address"
          placeholder="https://llm.example.com"
          hint="Where calls are sent on to. What a client adds to the base URL is added here."
          {...field('url')}
        />
        <Format value={draft.provider} onChange={(provider) => change({ provider })} />
        <Test url={draft.url} />
        <Foot busy={busy} failure={failure} onClose={onClose} />
      </form>
    </Sheet>
  );
}

interface FormatProps {
  readonly value: UpstreamDraft['provider'];
  readonly onChange: (provider: UpstreamDraft['provider']) => void;
}

function Format({ value, onChange }: FormatProps) {
  return (
    <div className="field">
      <span className="field-label">Format</span>
      <Segmented
        label="Format"
        value={value ?? 'auto'}
        options={providers}
        onChange={(chosen) => onChange(Provider.safeParse(chosen).data ?? null)}
      />
      <span className="fine">Decides how tokens are read. Other: calls are counted, tokens where they can be.</span>
    </div>
  );
}

function Foot({ busy, failure, onClose }: Pick<UpstreamFormProps, 'busy' | 'failure' | 'onClose'>) {
  return (
    <div className="row">
      <output className="field-problem" aria-live="polite">
        {failure ?? ''}
      </output>
      <span className="spacer" />
      <Button look="quiet" onPress={onClose}>
        Cancel
      </Button>
      <Button look="primary" type="submit" isDisabled={busy}>
        {busy ? 'Restarting…' : 'Save'}
      </Button>
    </div>
  );
}

function useDraft(initial: UpstreamDraft, taken: readonly string[]) {
  const [draft, setDraft] = useState(initial);
  const [submitted, setSubmitted] = useState(false);
  const checked = checkUpstream(draft, taken);
  const change = (part: Partial<UpstreamDraft>): void => setDraft({ ...draft, ...part });
  const field = (name: UpstreamField) => ({
    value: draft[name],
    onChange: (text: string) => change({ [name]: text }),
    problem: submitted || draft[name] !== initial[name] ? (checked.problems.get(name) ?? null) : null,
  });
  return { draft, change, field, checked, submit: () => setSubmitted(true) };
}

interface NameFieldProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly problem: string | null;
}

function NameField(props: NameFieldProps) {
  return <Field label="Name" placeholder="mine" hint="Its path: clients call the gateway at /name." {...props} />;
}

function Test({ url }: { readonly url: string }) {
  const { busy, result, run } = useUpstreamTest();
  return (
    <div className="upstream-test">
      <Button size="small" isDisabled={busy || url.trim() === ''} onPress={() => run(url)}>
        <PlugZap size={13} aria-hidden />
        {busy ? 'Testing…' : 'Test address'}
      </Button>
      <output className={`fine ${result === null ? '' : `tone-${result.tone}`}`} aria-live="polite">
        {result?.words ?? 'One request without a key, straight to the address: a proxy of this computer is not used.'}
      </output>
    </div>
  );
}
