/** Login: who it is (one way for each authenticator of the driver), then the session with its role, warehouse, database and schema. */
import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Account, User } from './account.ts';
import {
  absentAtLogin,
  badAccessToken,
  badCredentials,
  badKeyPairToken,
  badOAuthToken,
  badSingleSignOn,
  expiredOAuthToken,
  roleNotGranted,
  secondFactorNeeded,
  SqlError,
  unknownAuthenticator,
} from './errors.ts';
import { warehouse } from './grants.ts';
import { whyRefused } from './key-pair.ts';
import { storedName } from './names.ts';
import type { OAuthTokens } from './oauth.ts';
import { isRecord, refuse, succeed, textOf, type Incoming, type Reply } from './protocol.ts';
import { serverVersion, type Sight } from './session-catalog.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SingleSignOn } from './single-sign-on.ts';

export interface LoginSeen {
  readonly at: Date;
  readonly requestId: string | null;
  readonly user: string | null;
  readonly authenticator: string;
  /** Null when it succeeded. */
  readonly code: string | null;
  /** What the client is never told. */
  readonly reason: string | null;
  readonly sessionId: number | null;
  readonly clientEnvironment: unknown;
}

interface Doors {
  readonly account: Account;
  readonly sessions: Sessions;
  readonly sight: Sight;
  readonly oauth: OAuthTokens;
  readonly sso: SingleSignOn;
  readonly now: () => number;
}
type LoginData = Readonly<Record<string, unknown>>;
interface Proven {
  readonly user: User;
  /** A token that is good for one role only. */
  readonly role: string | null;
}

export class Login {
  readonly #doors: Doors;
  readonly seen: LoginSeen[] = [];
  #reason: string | null = null;

  constructor(doors: Doors) {
    this.#doors = doors;
  }

  handle(incoming: Incoming): Reply {
    const data = isRecord(incoming.body['data']) ? incoming.body['data'] : {};
    this.#reason = null;
    try {
      const session = this.#open(this.#prove(data), data, incoming.parameters);
      this.#note(incoming, data, null, session.id);
      return succeed(this.#answer(session));
    } catch (error) {
      this.#note(incoming, data, error instanceof SqlError ? error.code : 'internal', null);
      return refuse(error);
    }
  }

  /** @throws SqlError */
  #prove(data: LoginData): Proven {
    const authenticator = authenticatorOf(data);
    const token = textOf(data['TOKEN']) ?? '';
    switch (authenticator) {
      case 'SNOWFLAKE':
        return this.#byPassword(data);
      case 'SNOWFLAKE_JWT':
        return this.#byKeyPair(data, token);
      case 'PROGRAMMATIC_ACCESS_TOKEN':
        return this.#byAccessToken(token);
      case 'OAUTH':
        return this.#byOAuth(token);
      case 'EXTERNALBROWSER': {
        const user = this.#userNamed(this.#doors.sso.redeem(token, data['PROOF_KEY']));
        if (user === null) throw badSingleSignOn();
        return { user, role: null };
      }
      default:
        throw unknownAuthenticator(authenticator);
    }
  }

  #byPassword(data: LoginData): Proven {
    const user = this.#userNamed(textOf(data['LOGIN_NAME']));
    if (user === null || !same(user.password, textOf(data['PASSWORD']))) throw badCredentials();
    if (user.secondFactorNeeded) throw secondFactorNeeded();
    return { user, role: null };
  }

  #byKeyPair(data: LoginData, token: string): Proven {
    const user = this.#userNamed(textOf(data['LOGIN_NAME']));
    const { account, now } = this.#doors;
    this.#reason =
      user === null
        ? 'no such user'
        : whyRefused(token, { account: account.name, user: user.name, keys: user.publicKeys, now: now() });
    if (user === null || this.#reason !== null) throw badKeyPairToken(randomUUID());
    return { user, role: null };
  }

  #byAccessToken(token: string): Proven {
    const user = [...this.#doors.account.users.values()].find((one) => one.accessTokens.has(token) && !one.disabled);
    if (user === undefined) throw badAccessToken();
    return { user, role: null };
  }

  #byOAuth(token: string): Proven {
    const found = this.#doors.oauth.find(token);
    const user = this.#userNamed(found?.user ?? null);
    if (found === null || user === null) throw badOAuthToken(randomUUID());
    if (found.expiresAt <= this.#doors.now()) throw expiredOAuthToken(randomUUID());
    return { user, role: found.role };
  }

  #userNamed(name: string | null): User | null {
    const user = this.#doors.account.users.get((name ?? '').toUpperCase()) ?? null;
    return user?.disabled === true ? null : user;
  }

  /** What is absent or not granted is silently left out, as Snowflake does; only the role must be granted. */
  #open(proven: Proven, data: LoginData, asked: URLSearchParams): Session {
    const { sessions, sight } = this.#doors;
    const name = (key: string): string | null => (asked.get(key) === null ? null : storedName(asked.get(key) ?? ''));
    const role = name('roleName') ?? proven.role ?? proven.user.defaultRole;
    if (!proven.user.roles.has(role) || (proven.role !== null && proven.role !== role)) throw roleNotGranted(role);
    const places = { warehouse: name('warehouse'), database: name('databaseName'), schema: name('schemaName') };
    const parameters = isRecord(data['SESSION_PARAMETERS']) ? data['SESSION_PARAMETERS'] : {};
    const found = {
      warehouse: places.warehouse !== null && this.#usable(role, places.warehouse) ? places.warehouse : null,
      database: places.database !== null && sight.seesDatabase(role, places.database) ? places.database : null,
    };
    const wantedSchema = places.schema ?? (found.database === null ? null : 'PUBLIC');
    const schema =
      found.database !== null && wantedSchema !== null && sight.seesSchema(role, found.database, wantedSchema)
        ? wantedSchema
        : null;
    if (parameters['CLIENT_VALIDATE_DEFAULT_PARAMETERS'] === true) needAll(places, { ...found, schema });
    const session = sessions.open({
      user: proven.user.name,
      role,
      ...found,
      schema,
      defaults: proven.user.parameters,
    });
    for (const [key, value] of Object.entries(parameters)) {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
        session.parameters.set(key, value);
      }
    }
    return session;
  }

  #usable(role: string, name: string): boolean {
    const { account } = this.#doors;
    return account.warehouses.has(name) && account.grants.sees(role, warehouse(name));
  }

  #answer(session: Session): Readonly<Record<string, unknown>> {
    const { sessions } = this.#doors;
    return {
      masterToken: session.masterToken,
      token: session.token,
      validityInSeconds: sessions.lifetimes.sessionSeconds,
      masterValidityInSeconds: sessions.lifetimes.masterSeconds,
      displayUserName: session.user,
      serverVersion,
      firstLogin: false,
      sessionId: session.id,
      parameters: session.parameters.list(),
      sessionInfo: {
        databaseName: session.scope.database,
        schemaName: session.scope.schema,
        warehouseName: session.warehouse,
        roleName: session.scope.role,
      },
    };
  }

  #note(incoming: Incoming, data: LoginData, code: string | null, sessionId: number | null): void {
    this.seen.push({
      at: new Date(),
      requestId: incoming.parameters.get('requestId'),
      user: textOf(data['LOGIN_NAME']),
      authenticator: authenticatorOf(data),
      code,
      reason: this.#reason,
      sessionId,
      clientEnvironment: data['CLIENT_ENVIRONMENT'] ?? null,
    });
  }
}

const authenticatorOf = (data: LoginData): string => (textOf(data['AUTHENTICATOR']) ?? 'SNOWFLAKE').toUpperCase();

function needAll(
  asked: Readonly<Record<'warehouse' | 'database' | 'schema', string | null>>,
  found: Readonly<Record<'warehouse' | 'database' | 'schema', string | null>>,
): void {
  for (const what of ['warehouse', 'database', 'schema'] as const) {
    if (asked[what] !== null && found[what] === null) throw absentAtLogin(what);
  }
}

function same(known: string | null, given: string | null): boolean {
  if (known === null || given === null) return false;
  const [a, b] = [Buffer.from(known), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
