/**
 * The Snowflake names of DESIGN §9, checked by the contract's own schemas. A value that is a secret is never part of a message, and the
 * configuration holds it behind a function, so a log line or a crash dump cannot carry it.
 */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import {
  Authenticator,
  authenticators,
  SnowflakeProfile,
  SnowflakeSecrets,
  SnowflakeSettings,
} from '../contract/snowflake.ts';
import type { Found, Layer } from './config-layers.ts';
import { badValue, describeSource } from './config-values.ts';

/** A Snowflake to use. Secrets come out by asking, never by enumerating or printing the object. */
export interface SnowflakeAccount {
  readonly settings: SnowflakeSettings;
  readonly secrets: () => SnowflakeSecrets;
}

export interface SnowflakeConfig extends SnowflakeAccount {
  /** What works but should not stay so, in plain words. */
  readonly warnings: readonly string[];
}

type Find = (name: string) => Found | null;

/** Null when no layer names an account: Snowflake is then off. @throws AppError `bad_config` naming the variable at fault */
export function readSnowflake(
  layers: readonly Layer[],
  delivery: Partial<SnowflakeSettings['delivery']>,
): SnowflakeConfig | null {
  const find: Find = (name) => {
    for (const layer of layers) {
      const found = layer.foreign(`SNOWFLAKE_${name}`);
      if (found !== null) return found;
    }
    return null;
  };
  if (optional(find, 'ACCOUNT', SnowflakeProfile.shape.account) === null) return null;
  const { secrets, warnings } = readSecrets(find);
  const authenticator = readAuthenticator(find, secrets);
  const profile = readProfile(find, authenticator);
  requireSecret(find, authenticator, secrets);
  const passwordWarning = authenticator === 'SNOWFLAKE' ? [passwordOnly] : [];
  return {
    settings: SnowflakeSettings.parse({ profile, delivery }),
    secrets: () => secrets,
    warnings: [...warnings, ...passwordWarning],
  };
}

const passwordOnly =
  'Snowflake is blocking logins by password alone. Use a key pair (SNOWFLAKE_PRIVATE_KEY_PATH) or an access token (SNOWFLAKE_TOKEN).';

function readProfile(find: Find, authenticator: Authenticator): SnowflakeProfile {
  const shape = SnowflakeProfile.shape;
  const user = optional(find, 'USER', shape.user);
  if (user === null && authenticator !== 'PROGRAMMATIC_ACCESS_TOKEN' && authenticator !== 'OAUTH_CLIENT_CREDENTIALS')
    throw missing(find, 'USER', 'a Snowflake user name');
  return SnowflakeProfile.parse({
    account: required(find, 'ACCOUNT', shape.account, ''),
    user,
    authenticator,
    warehouse: required(find, 'WAREHOUSE', shape.warehouse, 'the name of a warehouse'),
    database: required(find, 'DATABASE', shape.database, 'the name of a database'),
    schema: required(find, 'SCHEMA', shape.schema, 'the name of a schema'),
    role: optional(find, 'ROLE', shape.role),
    accessUrl: optional(find, 'ACCESS_URL', shape.accessUrl),
    oauth: authenticator === 'OAUTH_CLIENT_CREDENTIALS' ? readOauth(find) : null,
    disableOcspChecks: readSwitch(find, 'DISABLE_OCSP_CHECKS'),
  });
}

function readOauth(find: Find): SnowflakeProfile['oauth'] {
  const { shape } = SnowflakeProfile.shape.oauth.unwrap().unwrap();
  return {
    clientId: required(find, 'OAUTH_CLIENT_ID', shape.clientId, 'the id of an OAuth client'),
    tokenUrl: required(
      find,
      'OAUTH_TOKEN_URL',
      shape.tokenUrl,
      "the http(s) URL of the identity provider's token endpoint",
    ),
    scope: optional(find, 'OAUTH_SCOPE', shape.scope),
  };
}

function readSwitch(find: Find, name: string): boolean {
  const found = find(name);
  const text = found?.values[0]?.toLowerCase();
  if (found !== null && text !== 'true' && text !== 'false') throw badValue(found, text ?? '', 'true, false');
  return text === 'true';
}

function optional(find: Find, name: string, schema: z.ZodType): string | null {
  const found = find(name);
  const text = found?.values[0] ?? null;
  if (found === null || text === null) return null;
  const parsed = schema.safeParse(text);
  if (!parsed.success) throw badValue(found, text, parsed.error.issues[0]?.message ?? 'another value');
  return text;
}

function required(find: Find, name: string, schema: z.ZodType, accepts: string): string {
  const text = optional(find, name, schema);
  if (text === null) throw missing(find, name, accepts);
  return text;
}

function missing(find: Find, name: string, accepts: string): AppError {
  const source = describeSource(find('ACCOUNT')?.source ?? 'environment');
  return new AppError(
    'bad_config',
    `SNOWFLAKE_${name} is missing: SNOWFLAKE_ACCOUNT (from ${source}) turns Snowflake on. Accepted: ${accepts}.`,
    { field: `SNOWFLAKE_${name}` },
  );
}

function readSecrets(find: Find): { readonly secrets: SnowflakeSecrets; readonly warnings: readonly string[] } {
  const text = (name: string): string | null => find(name)?.values[0] ?? null;
  const key = readKey(find('PRIVATE_KEY_PATH'));
  const given = {
    privateKey: key.pem,
    privateKeyPassphrase: text('PRIVATE_KEY_PASSPHRASE'),
    token: text('TOKEN'),
    password: text('PASSWORD'),
    oauthClientSecret: text('OAUTH_CLIENT_SECRET'),
  };
  const parsed = SnowflakeSecrets.safeParse(given);
  if (parsed.success) return { secrets: parsed.data, warnings: key.warnings };
  const field = String(parsed.error.issues[0]?.path[0] ?? '');
  throw new AppError('bad_config', `The ${field} of Snowflake is too long: 64 KB are accepted.`, { field });
}

function readKey(found: Found | null): { readonly pem: string | null; readonly warnings: readonly string[] } {
  const given = found?.values[0];
  if (found === null || given === undefined) return { pem: null, warnings: [] };
  const path = resolve(given);
  const accepts = 'the path of a readable private key file (PEM, PKCS#8)';
  try {
    const pem = readFileSync(path, 'utf8');
    if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
      throw badValue(found, given, `${accepts}; this file holds none`);
    return {
      pem,
      warnings: openToOthers(path) ? [`${path} can be read by other users. Make it yours alone: chmod 600.`] : [],
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'syscall' in error) {
      throw new AppError(
        'bad_config',
        `${badValue(found, given, accepts).message} It cannot be read: ${String(error.code)}.`,
        {
          field: found.name,
          cause: error,
        },
      );
    }
    throw error;
  }
}

/** Windows has no such bits: there every file would look open. */
const openToOthers = (path: string): boolean => process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;

/** The one that is named, else the one that the secret at hand is for: key pair, access token, OAuth client, password last. */
function readAuthenticator(find: Find, secrets: SnowflakeSecrets): Authenticator {
  const named = find('AUTHENTICATOR');
  if (named !== null) {
    const parsed = Authenticator.safeParse(named.values[0]?.toUpperCase());
    if (parsed.success) return parsed.data;
    throw badValue(named, named.values[0] ?? '', authenticators.join(', '));
  }
  if (secrets.privateKey !== null) return 'SNOWFLAKE_JWT';
  if (secrets.token !== null) return 'PROGRAMMATIC_ACCESS_TOKEN';
  if (secrets.oauthClientSecret !== null) return 'OAUTH_CLIENT_CREDENTIALS';
  if (secrets.password !== null) return 'SNOWFLAKE';
  throw missing(
    find,
    'PRIVATE_KEY_PATH',
    'the path of a private key; or SNOWFLAKE_TOKEN, SNOWFLAKE_OAUTH_CLIENT_SECRET or SNOWFLAKE_PASSWORD instead',
  );
}

interface Need {
  readonly secret: keyof SnowflakeSecrets;
  readonly name: string;
  readonly accepts: string;
}

const needed: Readonly<Record<Authenticator, Need | null>> = {
  SNOWFLAKE_JWT: {
    secret: 'privateKey',
    name: 'PRIVATE_KEY_PATH',
    accepts: 'the path of a private key, which the authenticator needs',
  },
  PROGRAMMATIC_ACCESS_TOKEN: {
    secret: 'token',
    name: 'TOKEN',
    accepts: 'a programmatic access token, which the authenticator needs',
  },
  OAUTH_CLIENT_CREDENTIALS: {
    secret: 'oauthClientSecret',
    name: 'OAUTH_CLIENT_SECRET',
    accepts: 'the secret of the OAuth client, which the authenticator needs',
  },
  EXTERNALBROWSER: null, // the browser asks
  SNOWFLAKE: { secret: 'password', name: 'PASSWORD', accepts: 'a password, which the authenticator needs' },
};

function requireSecret(find: Find, authenticator: Authenticator, secrets: SnowflakeSecrets): void {
  const need = needed[authenticator];
  if (need === null || secrets[need.secret] !== null) return;
  throw missing(find, need.name, need.accepts);
}
