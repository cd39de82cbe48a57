/** The draft against the contract's schema, field by field, plus what the schema cannot know: which fields a way to log in needs. Pure. */
import { SnowflakeForm } from '../../../../contract/ipc.ts';
import { authenticatorEntry } from './authenticators.ts';
import type { Draft, Field, SecretName } from './draft.ts';
import { keyKind, keyProblem } from './private-key.ts';

export interface Checked {
  /** What may be tested and saved; null while there is a problem. */
  readonly form: SnowflakeForm | null;
  readonly problems: ReadonlyMap<Field, string>;
}

/** @param known names of the secrets the host has already: they need not be typed again. */
export function checkDraft(draft: Draft, known: readonly string[]): Checked {
  const problems = new Map<Field, string>();
  const parsed = SnowflakeForm.safeParse(candidate(draft));
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = fieldAt(path);
    if (field !== null && !problems.has(field)) problems.set(field, words(field, message));
  }
  for (const [field, problem] of missing(draft, known)) problems.set(field, problem);
  return { form: parsed.success && problems.size === 0 ? parsed.data : null, problems };
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

function candidate(draft: Draft): unknown {
  const { account, user, authenticator, warehouse, database, schema, role, accessUrl, disableOcspChecks } = draft;
  const oauth = {
    clientId: draft.oauthClientId.trim(),
    tokenUrl: draft.oauthTokenUrl.trim(),
    scope: orNull(draft.oauthScope),
  };
  const profile = {
    account: account.trim(),
    user: orNull(user),
    authenticator,
    warehouse: warehouse.trim(),
    database: database.trim(),
    schema: schema.trim(),
    role: orNull(role),
    accessUrl: orNull(accessUrl),
    oauth: authenticator === 'OAUTH_CLIENT_CREDENTIALS' ? oauth : null,
    disableOcspChecks,
  };
  const { enabled, intervalMinutes, maxRows } = draft;
  const delivery = { enabled, intervalMinutes, maxRows: maxRows.trim() === '' ? null : Number(maxRows) };
  return { settings: { profile, delivery }, secrets: secretsOf(draft) };
}

/** Secrets of another way to log in are not sent along. A password may begin or end with a space, so only PEM and tokens are trimmed. */
function secretsOf(draft: Draft): Record<SecretName, string | null> {
  const { secret } = authenticatorEntry(draft.authenticator);
  const only = (name: SecretName, text: string): string | null => (name === secret && text !== '' ? text : null);
  const passphrase = secret === 'privateKey' ? draft.privateKeyPassphrase : '';
  return {
    privateKey: only('privateKey', draft.privateKey.trim()),
    privateKeyPassphrase: passphrase === '' ? null : passphrase,
    token: only('token', draft.token.trim()),
    password: only('password', draft.password),
    oauthClientSecret: only('oauthClientSecret', draft.oauthClientSecret.trim()),
  };
}

const oauthFields: Readonly<Record<string, Field>> = {
  clientId: 'oauthClientId',
  tokenUrl: 'oauthTokenUrl',
  scope: 'oauthScope',
};

const plainFields = ['account', 'user', 'warehouse', 'database', 'schema', 'role', 'accessUrl', 'maxRows'] as const;

/** `settings.profile.oauth.clientId` → oauthClientId. */
function fieldAt(path: readonly PropertyKey[]): Field | null {
  const last = path.at(-1);
  if (path.includes('oauth')) return typeof last === 'string' ? (oauthFields[last] ?? null) : null;
  return plainFields.find((field) => field === last) ?? null;
}

/** The schema's messages name what is expected ("an account identifier such as …"). */
function words(field: Field, message: string): string {
  if (field === 'maxRows') return 'Enter a whole number from 100 to 16,000';
  if (field === 'oauthClientId') return 'Enter the client id of the OAuth integration';
  return `Enter ${message}`;
}

const secretWords: Readonly<Record<SecretName, string>> = {
  privateKey: 'Paste the private key or choose its file',
  privateKeyPassphrase: 'This key is encrypted: enter its passphrase',
  token: 'Paste the programmatic access token',
  password: 'Enter the password',
  oauthClientSecret: 'Paste the client secret',
};

function* missing(draft: Draft, known: readonly string[]): Generator<readonly [Field, string]> {
  const { needsUser, secret } = authenticatorEntry(draft.authenticator);
  if (needsUser && draft.user.trim() === '') yield ['user', 'Enter the name of the Snowflake user'];
  if (secret !== null && draft[secret] === '' && !known.includes(secret)) yield [secret, secretWords[secret]];
  if (secret !== 'privateKey' || draft.privateKey === '') return;
  const problem = keyProblem(draft.privateKey);
  if (problem !== null) yield ['privateKey', problem];
  if (keyKind(draft.privateKey) === 'encrypted' && draft.privateKeyPassphrase === '')
    yield ['privateKeyPassphrase', secretWords.privateKeyPassphrase];
}
