import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { Radio, RadioGroup, Switch } from 'react-aria-components';
import { UserIdPolicy, type GatewaySettings } from '../../../../contract/app-settings.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { useActions } from '../../../shell/services.tsx';
import { useUnsaved } from '../../../shell/use-unsaved.ts';
import { GatewayState } from '../gateway/gateway-state.tsx';
import { useSaveGateway } from '../gateway/use-save-gateway.ts';
import { SaveBar } from '../save-bar.tsx';
import { Setting, SettingsGroup } from '../setting.tsx';
import { neverStored, stored } from './kept.ts';
import { drainMsOf, drainProblem, draftOf, isSame, type PrivacyDraft } from './privacy-draft.ts';

/** What is kept of a call, and what of it can be chosen. */
export function PrivacyPage() {
  return (
    <>
      <Kept />
      <GatewayState where="Privacy">
        {({ settings, locked }) => (locked === null ? <PrivacyForm settings={settings} /> : null)}
      </GatewayState>
    </>
  );
}

function Kept() {
  const { go } = useActions();
  return (
    <SettingsGroup
      title="What is kept of a call"
      hint="On this computer, and in your own Snowflake where one is set up. Nowhere else."
    >
      <div className="kept-lists">
        <KeptList title="Stored" items={stored} good />
        <KeptList title="Never stored" items={neverStored} />
      </div>
      <div className="row">
        <Button size="small" onPress={() => go('settings', 'retention')}>
          How long it is kept
        </Button>
      </div>
    </SettingsGroup>
  );
}

function KeptList({
  title,
  items,
  good = false,
}: {
  readonly title: string;
  readonly items: readonly string[];
  readonly good?: boolean;
}) {
  const Icon = good ? Check : X;
  return (
    <div className="kept-list">
      <h3>{title}</h3>
      <ul>
        {items.map((item) => (
          <li key={item}>
            <Icon size={13} strokeWidth={2.5} aria-hidden />
            {item}
          </li>
        ))}
      </ul>
    </div>
  );
}

function PrivacyForm({ settings }: { readonly settings: GatewaySettings }) {
  const saved = draftOf(settings);
  const [draft, setDraft] = useState(saved);
  const saving = useSaveGateway('The gateway keeps calls this way from now on', (state) =>
    setDraft(draftOf(state.settings)),
  );
  const drainMs = drainMsOf(draft);
  const dirty = !isSame(draft, saved);
  useUnsaved('privacy settings', dirty);
  const change = (part: Partial<PrivacyDraft>): void => {
    saving.forget();
    setDraft({ ...draft, ...part });
  };
  const save = (): void => {
    const { userIds, streamUsage } = draft;
    if (drainMs !== null) saving.save({ ...settings, userIds, streamUsage, drainMs });
  };
  const problem = drainMs === null ? drainProblem : null;
  return (
    <div className="form-body">
      <UserNames value={draft.userIds} onChange={(userIds) => change({ userIds })} />
      <Metering draft={draft} problem={problem} change={change} />
      <SaveBar
        dirty={dirty}
        busy={saving.busy}
        problem={problem === null ? (saving.failure?.message ?? null) : '1 to correct'}
        onUndo={() => change(saved)}
        onSave={save}
        busyWords="Restarting…"
      />
    </div>
  );
}

const policies: Readonly<Record<UserIdPolicy, { readonly label: string; readonly hint: string }>> = {
  plain: { label: 'As sent', hint: 'The name a client sends in x-aism-user, or in the field of the API.' },
  hashed: {
    label: 'Hashed',
    hint: 'The same user has the same hash on this computer. Nobody can read the name from it, and other computers make another one.',
  },
  none: { label: 'Not at all', hint: 'No totals, budgets or limits by user.' },
};

function UserNames({
  value,
  onChange,
}: {
  readonly value: UserIdPolicy;
  readonly onChange: (policy: UserIdPolicy) => void;
}) {
  const choose = (chosen: string): void => {
    const policy = UserIdPolicy.safeParse(chosen);
    if (policy.success) onChange(policy.data);
  };
  return (
    <SettingsGroup
      title="Names of users"
      hint="Holds for calls from now on; those already recorded stay as they are. Session names and tags are kept as clients send them."
    >
      <RadioGroup className="choices" aria-label="Names of users" value={value} onChange={choose}>
        {UserIdPolicy.options.map((policy) => (
          <Radio key={policy} value={policy} className="choice">
            <span className="choice-dot" />
            <span>
              {policies[policy].label}
              <span className="fine block">{policies[policy].hint}</span>
            </span>
          </Radio>
        ))}
      </RadioGroup>
    </SettingsGroup>
  );
}

interface MeteringProps {
  readonly draft: PrivacyDraft;
  readonly problem: string | null;
  readonly change: (part: Partial<PrivacyDraft>) => void;
}

function Metering({ draft, problem, change }: MeteringProps) {
  return (
    <SettingsGroup title="What the gateway does to learn usage">
      <Setting
        name="Ask OpenAI for the usage of streams"
        hint="Adds stream_options to a streamed request that lacks it, and takes the extra chunk out of the answer. Off: such calls have no exact token counts and costs."
      >
        <Switch
          className="switch"
          aria-label="Ask OpenAI for the usage of streams"
          isSelected={draft.streamUsage}
          onChange={(streamUsage) => change({ streamUsage })}
        >
          <span className="switch-track" />
        </Switch>
      </Setting>
      <Field
        label="Read on after a client left"
        digits
        unit="s"
        hint="To learn what an answer that nobody waits for cost. 0: the call to the API ends with the client. Longer: the API goes on, and may charge for what it goes on to write."
        value={draft.drainSeconds}
        onChange={(drainSeconds) => change({ drainSeconds })}
        problem={problem}
      />
    </SettingsGroup>
  );
}
