/** A server with the standard account, its connections closed and the server stopped after each test. */
import { onTestFinished } from 'vitest';
import type { Authenticator } from '../../contract/snowflake.ts';
import { startSnowflakeServer, type ServerOptions, type SnowflakeServer } from '../helpers/snowflake-server/server.ts';
import { createStandardAccount, type StandardAccount } from '../helpers/snowflake-server/standard-account.ts';
import { connect, type Connection } from './driver.ts';

export interface Scene {
  readonly server: SnowflakeServer;
  readonly standard: StandardAccount;
  /** A connection of the service user; by password, which is the quickest. */
  open(authenticator?: Authenticator, more?: Parameters<typeof connect>[2]): Promise<Connection>;
}

export async function scene(options: ServerOptions = {}): Promise<Scene> {
  const server = await startSnowflakeServer(options);
  onTestFinished(() => server.stop());
  const standard = await createStandardAccount(server);
  return {
    server,
    standard,
    open: (authenticator = 'SNOWFLAKE', more = {}) =>
      connect(standard.profileFor(authenticator), standard.secretsFor(authenticator), more),
  };
}
