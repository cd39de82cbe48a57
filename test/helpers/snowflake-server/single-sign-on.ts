/**
 * External browser: the driver opens a page, the page signs the user in and sends the browser to the driver's local port with a token, and the
 * token and the proof key of the attempt together log in. Here the page signs in whoever asks. The page and the proof key come from
 * /session/authenticator-request; with `disableConsoleLogin: false` the driver makes both itself (/console/login). It does either over HTTPS
 * whatever the access URL says, so a test sends it here by itself.
 */
import { randomBytes } from 'node:crypto';
import type { Account } from './account.ts';
import { badSingleSignOn } from './errors.ts';
import { isRecord, refuse, succeed, textOf, type Reply } from './protocol.ts';

export class SingleSignOn {
  readonly #account: Account;
  readonly #baseUrl: () => string;
  readonly #tokens = new Map<string, { readonly user: string; readonly proofKey: string }>();

  constructor(account: Account, baseUrl: () => string) {
    this.#account = account;
    this.#baseUrl = baseUrl;
  }

  /** POST /session/authenticator-request */
  prepare(body: Readonly<Record<string, unknown>>): Reply {
    const data = isRecord(body['data']) ? body['data'] : {};
    const proofKey = randomBytes(32).toString('base64');
    const asked = new URLSearchParams({
      login_name: textOf(data['LOGIN_NAME']) ?? '',
      proof_key: proofKey,
      browser_mode_redirect_port: textOf(data['BROWSER_MODE_REDIRECT_PORT']) ?? '',
    });
    if (!this.#account.users.has((asked.get('login_name') ?? '').toUpperCase())) return refuse(badSingleSignOn());
    return succeed({ ssoUrl: `${this.#baseUrl()}/console/login?${asked}`, proofKey });
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
