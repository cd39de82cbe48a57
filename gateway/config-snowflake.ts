/**
 * The Snowflake names of DESIGN §9, recognised and checked for shape. A value that is a secret is never part of a message, and the
 * settings object holds it behind a function, so a log line or a crash dump cannot carry it.
 */
import type { Found, Layer } from './config-layers.ts';
import { badValue } from './config-values.ts';

export interface SnowflakeSettings {
  readonly account: string;
  readonly user: string | null; // the token authenticators need none
  readonly authenticator: string | null;
  readonly warehouse: string | null;
  readonly database: string | null;
  readonly schema: string | null;
  readonly role: string | null;
  readonly privateKeyPath: string | null;
  readonly accessUrl: string | null;
  /** Secrets come out by asking, never by enumerating or printing the object. */
  readonly password: () => string | null;
  readonly token: () => string | null;
}

const identifier = /^[A-Za-z_][\w$]{0,254}$|^"[^"]{1,255}"$/;
const account = /^[A-Za-z0-9][\w.-]{0,254}$/;

/** Null when no layer names an account: Snowflake is then off. */
export function readSnowflake(layers: readonly Layer[]): SnowflakeSettings | null {
  const find = (name: string): Found | null => {
    const hits = layers.map((layer) => layer.foreign(`SNOWFLAKE_${name}`));
    return hits.find((hit) => hit !== null) ?? null;
  };
  const read = (name: string, pattern: RegExp, accepts: string): string | null => {
    const found = find(name);
    const value = found?.values[0] ?? null;
    if (found !== null && value !== null && !pattern.test(value)) throw badValue(found, value, accepts);
    return value;
  };
  const name = (key: string): string | null => read(key, identifier, 'a Snowflake identifier');
  const user = read('USER', /^\S(.{0,254}\S)?$/, 'a Snowflake user name');
  const named = read('ACCOUNT', account, 'an account identifier such as myorg-myaccount');
  if (named === null) return null;
  return {
    account: named,
    user,
    authenticator: read(
      'AUTHENTICATOR',
      /^[\w:/.-]{1,255}$/,
      'an authenticator such as SNOWFLAKE_JWT or PROGRAMMATIC_ACCESS_TOKEN',
    ),
    warehouse: name('WAREHOUSE'),
    database: name('DATABASE'),
    schema: name('SCHEMA'),
    role: name('ROLE'),
    privateKeyPath: read('PRIVATE_KEY_PATH', /^[^\0]+$/, 'a path'),
    accessUrl: read('ACCESS_URL', /^https?:\/\/[^\s@?#]+$/, 'an http(s) URL'),
    ...secrets(find('PASSWORD')?.values[0] ?? null, find('TOKEN')?.values[0] ?? null),
  };
}

const secrets = (password: string | null, token: string | null) => ({ password: () => password, token: () => token });
