/**
 * External browser, as the driver does it with `disableConsoleLogin: false`: it opens /console/login with a proof key of its own, the page signs the
 * user in and sends the browser to the driver's local port with a token, and the token and the proof key together log in. Here the page signs in
 * whoever asks. The other way (/session/authenticator-request) the driver only goes over HTTPS, so it cannot come here.
 */
import { randomBytes } from 'node:crypto';
import type { Account } from './account.ts';

export class SingleSignOn {
  readonly #account: Account;
  readonly #tokens = new Map<string, { readonly user: string; readonly proofKey: string }>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Where the browser goes next; null for an address the driver did not make, or for a user nobody knows. */
  redirect(asked: URLSearchParams): string | null {
    const user = (asked.get('login_name') ?? '').toUpperCase();
    const proofKey = asked.get('proof_key');
    const port = Number(asked.get('browser_mode_redirect_port'));
    if (!this.#account.users.has(user) || proofKey === null || !Number.isInteger(port)) return null;
    const token = randomBytes(24).toString('base64url');
    this.#tokens.set(token, { user, proofKey });
    return `http://127.0.0.1:${port}/?token=${token}`;
  }

  /** Each token is good once. */
  redeem(token: string, proofKey: unknown): string | null {
    const found = this.#tokens.get(token);
    this.#tokens.delete(token);
    return found?.proofKey === proofKey ? (found?.user ?? null) : null;
  }
}
