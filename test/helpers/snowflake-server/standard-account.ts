/**
 * The account most tests want: a service user with a key pair, a token, a password and an OAuth client, a role that may create what it needs in
 * one schema, and a warehouse that runs. Handed out in the shapes of contract/snowflake.ts.
 */
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { SnowflakeProfile, SnowflakeSecrets, type Authenticator } from '../../../contract/snowflake.ts';
import type { SnowflakeServer } from './server.ts';

export interface StandardAccount {
  /** Logs in with the key pair. */
  readonly profile: SnowflakeProfile;
  /** Every secret there is; the private key is encrypted. */
  readonly secrets: SnowflakeSecrets;
  /** The same key without a passphrase. */
  readonly plainPrivateKey: string;
  profileFor(authenticator: Authenticator): SnowflakeProfile;
  /** Only what that authenticator needs. */
  secretsFor(authenticator: Authenticator): SnowflakeSecrets;
}

export const standardNames = {
  user: 'AISM_GATEWAY',
  role: 'AISM_WRITER',
  warehouse: 'AISM_WH',
  database: 'AISM',
  schema: 'METRICS',
  oauthClient: 'aism-client',
} as const;

/** @param known secrets of an earlier server on the same database file, so that its clients can go on */
export async function createStandardAccount(
  server: SnowflakeServer,
  known: { readonly secrets: SnowflakeSecrets; readonly plainPrivateKey: string } | null = null,
): Promise<StandardAccount> {
  const { plainPrivateKey, secrets } = known ?? newSecrets();
  const { account, administrator } = server;
  const { user, role, warehouse, database, schema, oauthClient } = standardNames;
  const added = account.addUser(user, [role]);
  added.publicKeys.push(createPublicKey(plainPrivateKey));
  added.password = secrets.password;
  if (secrets.token !== null) added.accessTokens.add(secrets.token);
  account.oauthClients.set(oauthClient, { id: oauthClient, secret: secrets.oauthClientSecret ?? '', user });
  administrator.createWarehouse(warehouse);
  await administrator.run(`CREATE DATABASE IF NOT EXISTS ${database}`);
  await administrator.run(`CREATE SCHEMA IF NOT EXISTS ${database}.${schema}`);
  await administrator.useSchema(database, schema);
  administrator.grant(role, 'usage', 'warehouse', warehouse);
  administrator.grant(role, 'usage', 'database', database);
  for (const privilege of ['usage', 'create table', 'create view', 'create procedure']) {
    administrator.grant(role, privilege, 'schema', `${database}.${schema}`);
  }
  const profile = profileOf(server);
  return {
    profile,
    secrets,
    plainPrivateKey,
    profileFor: (authenticator) => ({ ...profile, authenticator }),
    secretsFor: (authenticator) => secretsFor(authenticator, secrets),
  };
}

const profileOf = (server: SnowflakeServer): SnowflakeProfile =>
  SnowflakeProfile.parse({
    account: server.account.name.toLowerCase(),
    user: standardNames.user,
    warehouse: standardNames.warehouse,
    database: standardNames.database,
    schema: standardNames.schema,
    role: standardNames.role,
    accessUrl: server.url,
    oauth: { clientId: standardNames.oauthClient, tokenUrl: `${server.url}/oauth/token-request` },
  });

function newSecrets(): { readonly secrets: SnowflakeSecrets; readonly plainPrivateKey: string } {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const passphrase = randomBytes(12).toString('base64url');
  const random = (): string => randomBytes(24).toString('base64url');
  return {
    plainPrivateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    secrets: SnowflakeSecrets.parse({
      privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })),
      privateKeyPassphrase: passphrase,
      token: random(),
      password: random(),
      oauthClientSecret: random(),
    }),
  };
}

function secretsFor(authenticator: Authenticator, all: SnowflakeSecrets): SnowflakeSecrets {
  switch (authenticator) {
    case 'SNOWFLAKE_JWT':
      return SnowflakeSecrets.parse({ privateKey: all.privateKey, privateKeyPassphrase: all.privateKeyPassphrase });
    case 'PROGRAMMATIC_ACCESS_TOKEN':
      return SnowflakeSecrets.parse({ token: all.token });
    case 'OAUTH_CLIENT_CREDENTIALS':
      return SnowflakeSecrets.parse({ oauthClientSecret: all.oauthClientSecret });
    case 'SNOWFLAKE':
      return SnowflakeSecrets.parse({ password: all.password });
    default:
      return SnowflakeSecrets.parse({});
  }
}
