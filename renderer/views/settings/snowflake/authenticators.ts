/** The ways to log in, in the order they are recommended (contract/snowflake.ts), and what each needs. */
import { authenticators, type Authenticator } from '../../../../contract/snowflake.ts';
import type { SecretName } from './draft.ts';

export interface AuthenticatorEntry {
  readonly value: Authenticator;
  readonly label: string;
  readonly hint: string;
  readonly needsUser: boolean;
  /** The secret without which this way cannot log in; null where a person logs in by hand. */
  readonly secret: SecretName | null;
}

const entries: Readonly<Record<Authenticator, Omit<AuthenticatorEntry, 'value'>>> = {
  SNOWFLAKE_JWT: {
    label: 'Key pair',
    hint: 'Recommended. Works for service users, needs no network policy.',
    needsUser: true,
    secret: 'privateKey',
  },
  PROGRAMMATIC_ACCESS_TOKEN: {
    label: 'Access token',
    hint: 'A programmatic access token. Its user needs a network policy that admits this computer.',
    needsUser: false,
    secret: 'token',
  },
  OAUTH_CLIENT_CREDENTIALS: {
    label: 'OAuth client',
    hint: 'Client credentials of an OAuth integration.',
    needsUser: false,
    secret: 'oauthClientSecret',
  },
  EXTERNALBROWSER: {
    label: 'Browser sign-in',
    hint: 'Single sign-on in the browser. Somebody has to sign in again when the session ends.',
    needsUser: true,
    secret: null,
  },
  SNOWFLAKE: {
    label: 'Password',
    hint: 'Snowflake is blocking logins by password alone. Use a key pair instead.',
    needsUser: true,
    secret: 'password',
  },
};

export const authenticatorEntries: readonly AuthenticatorEntry[] = authenticators.map((value) => ({
  value,
  ...entries[value],
}));

export function authenticatorEntry(value: Authenticator): AuthenticatorEntry {
  return { value, ...entries[value] };
}
