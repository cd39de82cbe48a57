/** A Snowflake form against what is stored: which secrets it ends up with, and what is still missing. Pure. */
import { AppError, assertNever } from '../contract/errors.ts';
import type { SnowflakeForm } from '../contract/ipc.ts';
import type { Authenticator, SnowflakeProfile, SnowflakeSecrets, SnowflakeSettings } from '../contract/snowflake.ts';
import { noSecrets, type SecretName, secretNames, secretWords } from './secret-vault.ts';

export interface SnowflakeAccount {
  readonly settings: SnowflakeSettings;
  readonly secrets: SnowflakeSecrets;
}

/** The secret that a way to log in needs, and those it may use beside it. */
function secretsOf(authenticator: Authenticator): {
  readonly needed: SecretName | null;
  readonly used: readonly SecretName[];
} {
  switch (authenticator) {
    case 'SNOWFLAKE_JWT':
      return { needed: 'privateKey', used: ['privateKey', 'privateKeyPassphrase'] };
    case 'PROGRAMMATIC_ACCESS_TOKEN':
      return { needed: 'token', used: ['token'] };
    case 'OAUTH_CLIENT_CREDENTIALS':
      return { needed: 'oauthClientSecret', used: ['oauthClientSecret'] };
    case 'SNOWFLAKE':
      return { needed: 'password', used: ['password'] };
    case 'EXTERNALBROWSER':
      return { needed: null, used: [] };
    default:
      return assertNever(authenticator);
  }
}

/**
 * What the form means: a secret that is null keeps the stored one, and what the chosen way to log in does not use is dropped.
 * @throws AppError `bad_request` naming the field that is missing
 */
export function accountOf({ settings, secrets }: SnowflakeForm, stored: SnowflakeAccount | null): SnowflakeAccount {
  const { profile } = settings;
  const { needed, used } = secretsOf(profile.authenticator);
  const merged = Object.fromEntries(
    secretNames.map((name) => [name, used.includes(name) ? merge(name, { settings, secrets }, stored) : null]),
  );
  const account = { settings, secrets: { ...noSecrets, ...merged } };
  assertComplete(account, needed);
  return account;
}

function merge(name: SecretName, { settings, secrets }: SnowflakeForm, stored: SnowflakeAccount | null): string | null {
  const kept = stored?.secrets[name] ?? null;
  if (secrets[name] !== null || kept === null || stored === null) return secrets[name];
  // A new key comes with its own passphrase, or with none.
  if (name === 'privateKeyPassphrase') return secrets.privateKey === null ? kept : null;
  if (name !== 'privateKey' && receiverOf(settings.profile) !== receiverOf(stored.settings.profile)) {
    throw new AppError(
      'bad_request',
      `Enter the ${secretWords[name]} again: the stored one is only sent to the address it was saved for.`,
      { field: `secrets.${name}` },
    );
  }
  return kept;
}

/** Who is sent a password, token or client secret. A private key is never sent. */
const receiverOf = ({ account, accessUrl, oauth }: SnowflakeProfile): string =>
  JSON.stringify([account.toLowerCase(), accessUrl, oauth?.tokenUrl ?? null]);

function assertComplete({ settings, secrets }: SnowflakeAccount, needed: SecretName | null): void {
  const { authenticator, user, oauth } = settings.profile;
  const usesToken = authenticator === 'PROGRAMMATIC_ACCESS_TOKEN' || authenticator === 'OAUTH_CLIENT_CREDENTIALS';
  if (user === null && !usesToken) throw missing('settings.profile.user', 'the Snowflake user name');
  if (authenticator === 'OAUTH_CLIENT_CREDENTIALS' && oauth === null) {
    throw missing('settings.profile.oauth', 'the OAuth client id and token URL');
  }
  if (needed !== null && secrets[needed] === null) throw missing(`secrets.${needed}`, `the ${secretWords[needed]}`);
}

const missing = (field: string, what: string): AppError => new AppError('bad_request', `Enter ${what}.`, { field });
