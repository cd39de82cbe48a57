/**
 * The user's own SNOWFLAKE_* names (README, and gateway/config-snowflake.ts for a gateway that runs alone), when the app is started with them.
 * Main takes them out of its environment, so that no process it starts inherits a secret, and hands them to the gateway by pipe like its own
 * settings, which go before them. A `.env` file is the gateway's.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { SnowflakeForm } from '../contract/ipc.ts';
import { Retention } from '../contract/snowflake.ts';
import { accountOf, type SnowflakeAccount } from './snowflake-form.ts';

/** By the field of {@link SnowflakeForm} that it fills. */
const names = {
  'settings.profile.account': 'SNOWFLAKE_ACCOUNT',
  'settings.profile.user': 'SNOWFLAKE_USER',
  'settings.profile.authenticator': 'SNOWFLAKE_AUTHENTICATOR',
  'settings.profile.warehouse': 'SNOWFLAKE_WAREHOUSE',
  'settings.profile.database': 'SNOWFLAKE_DATABASE',
  'settings.profile.schema': 'SNOWFLAKE_SCHEMA',
  'settings.profile.role': 'SNOWFLAKE_ROLE',
  'settings.profile.accessUrl': 'SNOWFLAKE_ACCESS_URL',
  'settings.profile.disableOcspChecks': 'SNOWFLAKE_DISABLE_OCSP_CHECKS',
  'settings.delivery.intervalMinutes': 'AISM_SNOWFLAKE_INTERVAL_MINUTES',
  'retention.localDays': 'AISM_LOCAL_DAYS',
  'retention.snowflakeDays': 'AISM_SNOWFLAKE_DAYS',
  'settings.profile.oauth.clientId': 'SNOWFLAKE_OAUTH_CLIENT_ID',
  'settings.profile.oauth.tokenUrl': 'SNOWFLAKE_OAUTH_TOKEN_URL',
  'settings.profile.oauth.scope': 'SNOWFLAKE_OAUTH_SCOPE',
  'secrets.privateKey': 'SNOWFLAKE_PRIVATE_KEY_PATH',
  'secrets.privateKeyPassphrase': 'SNOWFLAKE_PRIVATE_KEY_PASSPHRASE',
  'secrets.token': 'SNOWFLAKE_TOKEN',
  'secrets.password': 'SNOWFLAKE_PASSWORD',
  'secrets.oauthClientSecret': 'SNOWFLAKE_OAUTH_CLIENT_SECRET',
} as const;
type Field = keyof typeof names;
const fields = Object.keys(names).filter((name): name is Field => name in names);

export type TakenNames = Readonly<Partial<Record<Field, string>>>;
export interface EnvironmentAccount {
  readonly account: SnowflakeAccount | null;
  readonly retention: Retention;
  /** Why what is there cannot be used, naming the variable; null when nothing is wrong. Never holds a value. */
  readonly problem: string | null;
}

/** Returns the values and removes SNOWFLAKE_* from `env`; AISM_* is no secret, and the gateway reads it too. Empty counts as not set. */
export function takeSnowflakeNames(env: Record<string, string | undefined>): TakenNames {
  const taken: Partial<Record<Field, string>> = {};
  for (const field of fields) {
    const value = env[names[field]];
    if (names[field].startsWith('SNOWFLAKE_')) delete env[names[field]];
    if (value !== undefined && value !== '') taken[field] = value;
  }
  return taken;
}

/** Nothing without an account: Snowflake is then off. */
export async function readEnvironmentAccount(taken: TakenNames): Promise<EnvironmentAccount> {
  const retention = readRetention(taken);
  if (taken['settings.profile.account'] === undefined) return { account: null, retention, problem: null };
  try {
    return { account: accountOf(SnowflakeForm.parse(await asForm(taken)), null), retention, problem: null };
  } catch (error) {
    return { account: null, retention, problem: problemOf(error) };
  }
}

/** A value that is not accepted keeps the gateway from starting, which tells about it. */
function readRetention(taken: TakenNames): Retention {
  const localDays = wholeOrNull(taken['retention.localDays']);
  const snowflakeDays = wholeOrNull(taken['retention.snowflakeDays']);
  return Retention.safeParse({ localDays, snowflakeDays }).data ?? Retention.parse({});
}

const wholeOrNull = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

async function asForm(taken: TakenNames): Promise<unknown> {
  const at = (field: Field): string | null => taken[field] ?? null;
  return {
    settings: {
      profile: {
        account: at('settings.profile.account'),
        user: at('settings.profile.user'),
        authenticator: authenticatorOf(taken),
        warehouse: at('settings.profile.warehouse') ?? undefined,
        database: at('settings.profile.database') ?? undefined,
        schema: at('settings.profile.schema') ?? undefined,
        role: at('settings.profile.role'),
        accessUrl: at('settings.profile.accessUrl'),
        disableOcspChecks: switchOf(taken['settings.profile.disableOcspChecks']),
        oauth: oauthOf(taken),
      },
      delivery: { intervalMinutes: wholeOrNull(taken['settings.delivery.intervalMinutes']) ?? undefined },
    },
    secrets: {
      privateKey: await readKey(at('secrets.privateKey')),
      privateKeyPassphrase: at('secrets.privateKeyPassphrase'),
      token: at('secrets.token'),
      password: at('secrets.password'),
      oauthClientSecret: at('secrets.oauthClientSecret'),
    },
  };
}

function oauthOf(taken: TakenNames): unknown {
  const clientId = taken['settings.profile.oauth.clientId'];
  const tokenUrl = taken['settings.profile.oauth.tokenUrl'];
  return clientId === undefined ? null : { clientId, tokenUrl, scope: taken['settings.profile.oauth.scope'] ?? null };
}

/** Other words than true and false are left as they are, for the schema to refuse. */
function switchOf(text: string | undefined): boolean | string | undefined {
  const word = text?.toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : text;
}

/** The one that is named, else the one that the secret at hand is for, the safest first. */
function authenticatorOf(taken: TakenNames): string {
  const named = taken['settings.profile.authenticator'];
  if (named !== undefined) return named.toUpperCase();
  if (taken['secrets.privateKey'] !== undefined) return 'SNOWFLAKE_JWT';
  if (taken['secrets.token'] !== undefined) return 'PROGRAMMATIC_ACCESS_TOKEN';
  if (taken['secrets.oauthClientSecret'] !== undefined) return 'OAUTH_CLIENT_CREDENTIALS';
  return taken['secrets.password'] === undefined ? 'SNOWFLAKE_JWT' : 'SNOWFLAKE';
}

async function readKey(path: string | null): Promise<string | null> {
  if (path === null) return null;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new AppError('bad_config', `The key file cannot be read (${reason}).`, {
      field: 'secrets.privateKey',
      cause: error,
    });
  }
}

/** Only field names and what is accepted: the values may be secrets. */
function problemOf(error: unknown): string {
  const [field, what] =
    error instanceof z.ZodError
      ? [error.issues[0]?.path.join('.') ?? '', error.issues[0]?.message ?? '']
      : [error instanceof AppError ? (error.field ?? '') : '', error instanceof Error ? error.message : String(error)];
  const name = fields.find((each) => each === field || each.startsWith(`${field}.`));
  return `${name === undefined ? 'SNOWFLAKE_*' : names[name]} in the environment: ${what}`;
}
