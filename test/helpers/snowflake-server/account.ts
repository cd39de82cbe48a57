/** One Snowflake account: users and how they prove themselves, roles, warehouses, and what is granted. Names as stored. */
import type { KeyObject } from 'node:crypto';
import { administrator, Grants } from './grants.ts';
import { Parameters } from './parameters.ts';

export interface User {
  readonly name: string;
  readonly roles: Set<string>;
  defaultRole: string;
  password: string | null;
  /** A password alone is refused, as Snowflake does by now for people. */
  secondFactorNeeded: boolean;
  disabled: boolean;
  readonly publicKeys: KeyObject[];
  readonly accessTokens: Set<string>;
  /** Defaults of this user's sessions, over those of the account. */
  readonly parameters: Parameters;
}

export interface Warehouse {
  readonly name: string;
  size: string;
  state: 'running' | 'suspended';
  autoResume: boolean;
  autoSuspendSeconds: number;
  /** Resource monitor whose quota is used up: the warehouse cannot resume. */
  exhaustedMonitor: string | null;
}

export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  readonly user: string;
}

export class Account {
  readonly name: string;
  readonly users = new Map<string, User>();
  readonly roles = new Set<string>([administrator, 'PUBLIC']);
  readonly warehouses = new Map<string, Warehouse>();
  readonly oauthClients = new Map<string, OAuthClient>();
  readonly grants = new Grants();
  /** Defaults of all sessions. */
  readonly parameters = new Parameters();

  constructor(name: string) {
    this.name = name.toUpperCase();
  }

  addUser(name: string, roles: readonly string[]): User {
    for (const role of roles) this.roles.add(role);
    const user: User = {
      name: name.toUpperCase(),
      roles: new Set([...roles, 'PUBLIC']),
      defaultRole: roles[0] ?? 'PUBLIC',
      password: null,
      secondFactorNeeded: false,
      disabled: false,
      publicKeys: [],
      accessTokens: new Set(),
      parameters: new Parameters(this.parameters),
    };
    this.users.set(user.name, user);
    return user;
  }

  addWarehouse(name: string): Warehouse {
    const warehouse: Warehouse = {
      name,
      size: 'X-Small',
      state: 'running',
      autoResume: true,
      autoSuspendSeconds: 60,
      exhaustedMonitor: null,
    };
    this.warehouses.set(name, warehouse);
    return warehouse;
  }
}
