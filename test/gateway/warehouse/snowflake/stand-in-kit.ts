/** A stand-in Snowflake with the standard account, and sessions on it that the test's end closes. */
import type { Authenticator, SnowflakeProfile, SnowflakeSecrets } from '../../../../contract/snowflake.ts';
import { SnowflakeFault } from '../../../../gateway/warehouse/snowflake/fault.ts';
import { openSession, type DriverSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import type { SessionOptions, SnowflakeAccess } from '../../../../gateway/warehouse/snowflake/session.ts';
import type { FaultPolicy, FaultRequest } from '../../../helpers/snowflake-server/faults.ts';
import {
  startSnowflakeServer,
  type ServerOptions,
  type SnowflakeServer,
} from '../../../helpers/snowflake-server/server.ts';
import { createStandardAccount, type StandardAccount } from '../../../helpers/snowflake-server/standard-account.ts';

export class StandIn {
  readonly server: SnowflakeServer;
  readonly account: StandardAccount;
  readonly #sessions: DriverSession[] = [];

  constructor(server: SnowflakeServer, account: StandardAccount) {
    this.server = server;
    this.account = account;
  }

  static async start(options: ServerOptions = {}): Promise<StandIn> {
    const server = await startSnowflakeServer(options);
    return new StandIn(server, await createStandardAccount(server));
  }

  access(
    profile: Partial<SnowflakeProfile> = {},
    secrets: Partial<SnowflakeSecrets> = {},
    authenticator: Authenticator = 'SNOWFLAKE_JWT',
  ): SnowflakeAccess {
    return {
      profile: { ...this.account.profileFor(authenticator), ...profile },
      secrets: () => ({ ...this.account.secretsFor(authenticator), ...secrets }),
    };
  }

  async open(access: SnowflakeAccess = this.access(), options: SessionOptions = {}): Promise<DriverSession> {
    const session = await openSession(access, options);
    this.#sessions.push(session);
    return session;
  }

  /** Closes the sessions of a test and takes its faults away. */
  async tidy(): Promise<void> {
    this.server.setFaults(null);
    await Promise.all(this.#sessions.splice(0).map((session) => session.close()));
  }

  async stop(): Promise<void> {
    await this.tidy();
    await this.server.stop();
  }
}

/** The fault that `work` fails with; anything else fails the test. */
export async function faultOf(work: Promise<unknown>): Promise<SnowflakeFault> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SnowflakeFault) return error;
    throw error;
  }
  throw new Error('It succeeded');
}

/** A policy that notes the requests it sees. */
export function watched(policy: FaultPolicy): { readonly seen: FaultRequest[]; readonly policy: FaultPolicy } {
  const seen: FaultRequest[] = [];
  return {
    seen,
    policy: (request) => {
      seen.push(request);
      return policy(request);
    },
  };
}
