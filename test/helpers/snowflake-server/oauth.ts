/** The account's own OAuth token endpoint, for client credentials (RFC 6749, section 4.4). */
import { randomBytes } from 'node:crypto';
import type { Account } from './account.ts';
import { textOf } from './protocol.ts';

export interface OAuthToken {
  readonly user: string;
  /** From `scope=session:role:NAME`; null = any. */
  readonly role: string | null;
  readonly expiresAt: number;
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export class OAuthTokens {
  readonly #account: Account;
  readonly #now: () => number;
  readonly #tokens = new Map<string, OAuthToken>();
  lifetimeSeconds = 600;

  constructor(account: Account, now: () => number) {
    this.#account = account;
    this.#now = now;
  }

  issue(form: Readonly<Record<string, unknown>>): TokenAnswer {
    const client = this.#account.oauthClients.get(textOf(form['client_id']) ?? '');
    if (form['grant_type'] !== 'client_credentials') return { status: 400, body: { error: 'unsupported_grant_type' } };
    if (client === undefined || client.secret !== form['client_secret']) {
      return { status: 401, body: { error: 'invalid_client' } };
    }
    const token = randomBytes(32).toString('base64url');
    this.#tokens.set(token, {
      user: client.user,
      role: /session:role:(\S+)/.exec(textOf(form['scope']) ?? '')?.[1]?.toUpperCase() ?? null,
      expiresAt: this.#now() + this.lifetimeSeconds * 1_000,
    });
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: this.lifetimeSeconds } };
  }

  find(token: string): OAuthToken | null {
    return this.#tokens.get(token) ?? null;
  }
}
