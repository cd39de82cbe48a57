/**
 * The Snowflake form as a person types it, and what changes it. Everything is text until it is checked (validate.ts). Pure. Invariants: a
 * secret is in the draft only from the moment it is typed until it is saved, and never comes back from the host.
 */
import {
  SnowflakeDelivery,
  type Authenticator,
  type SnowflakeSecrets,
  type SnowflakeSettings,
} from '../../../../contract/snowflake.ts';

export type SecretName = keyof SnowflakeSecrets;

export interface Draft {
  readonly account: string;
  readonly user: string;
  readonly authenticator: Authenticator;
  readonly warehouse: string;
  readonly database: string;
  readonly schema: string;
  readonly role: string;
  readonly accessUrl: string;
  readonly oauthClientId: string;
  readonly oauthTokenUrl: string;
  readonly oauthScope: string;
  readonly disableOcspChecks: boolean;
  readonly enabled: boolean;
  readonly intervalMinutes: number;
  readonly maxRows: string;
  readonly privateKey: string;
  readonly privateKeyPassphrase: string;
  readonly token: string;
  readonly password: string;
  readonly oauthClientSecret: string;
}
export type Field = keyof Draft;

const noSecrets = { privateKey: '', privateKeyPassphrase: '', token: '', password: '', oauthClientSecret: '' };
const delivery = SnowflakeDelivery.parse({});

const emptyDraft: Draft = {
  account: '',
  user: '',
  authenticator: 'SNOWFLAKE_JWT',
  warehouse: '',
  database: '',
  schema: '',
  role: '',
  accessUrl: '',
  oauthClientId: '',
  oauthTokenUrl: '',
  oauthScope: '',
  disableOcspChecks: false,
  enabled: delivery.enabled,
  intervalMinutes: delivery.intervalMinutes,
  maxRows: String(delivery.maxRows),
  ...noSecrets,
};

export function draftOf(settings: SnowflakeSettings | null): Draft {
  if (settings === null) return emptyDraft;
  const { oauth, user, role, accessUrl, ...profile } = settings.profile;
  return {
    ...profile,
    user: user ?? '',
    role: role ?? '',
    accessUrl: accessUrl ?? '',
    oauthClientId: oauth?.clientId ?? '',
    oauthTokenUrl: oauth?.tokenUrl ?? '',
    oauthScope: oauth?.scope ?? '',
    ...settings.delivery,
    maxRows: String(settings.delivery.maxRows),
    ...noSecrets,
  };
}

export interface FormState {
  readonly draft: Draft;
  readonly saved: Draft;
  readonly left: ReadonlySet<Field>; // fields a person has been in: an empty one may be named now
  readonly replacing: ReadonlySet<Field>; // known secrets that a person is about to replace
  readonly submitted: boolean; // after a try to save or test, every problem is named
}

export type FormEvent =
  | { readonly kind: 'changed'; readonly change: Partial<Draft> }
  | { readonly kind: 'left'; readonly field: Field }
  | { readonly kind: 'replacing'; readonly field: SecretName }
  | { readonly kind: 'submitted' }
  | { readonly kind: 'undone' }
  | { readonly kind: 'loaded'; readonly settings: SnowflakeSettings | null };

export function initialForm(settings: SnowflakeSettings | null): FormState {
  return untouched(draftOf(settings));
}

function untouched(draft: Draft): FormState {
  return { draft, saved: draft, left: new Set(), replacing: new Set(), submitted: false };
}

export function reduceForm(state: FormState, event: FormEvent): FormState {
  switch (event.kind) {
    case 'changed':
      return { ...state, draft: { ...state.draft, ...event.change } };
    case 'left':
      return { ...state, left: new Set([...state.left, event.field]) };
    case 'replacing':
      return {
        ...state,
        draft: { ...state.draft, [event.field]: '' },
        replacing: new Set([...state.replacing, event.field]),
      };
    case 'submitted':
      return { ...state, submitted: true };
    case 'undone':
      return untouched(state.saved);
    case 'loaded':
      return initialForm(event.settings);
  }
}

const fields = Object.keys(emptyDraft).filter((name): name is Field => name in emptyDraft);

export function isDirty({ draft, saved }: FormState): boolean {
  return fields.some((field) => draft[field] !== saved[field]);
}

/** Problems worth showing now: not of an empty field nobody has been in yet. */
export function shownProblem(
  { draft, left, submitted }: FormState,
  field: Field,
  problems: ReadonlyMap<Field, string>,
): string | null {
  const spoken = submitted || left.has(field) || draft[field] !== '';
  return spoken ? (problems.get(field) ?? null) : null;
}
