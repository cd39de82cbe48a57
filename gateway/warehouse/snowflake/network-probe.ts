/**
 * Can this machine reach the account's host at all? Asked without the driver, which repeats on its own and tells every cause as one code.
 * Any HTTP answer will do; its Date header says how far the clocks are apart. Proxies are taken from the environment, as the driver does.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export type ProbeResult =
  | { readonly ok: true; readonly clockSkewMs: number | null }
  | { readonly ok: false; readonly cause: string; readonly fix: string };

export async function probeNetwork(url: URL, timeoutMs: number, signal: AbortSignal): Promise<ProbeResult> {
  const sentAtMs = Date.now();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const date = await dateOf(url, limit);
    return { ok: true, clockSkewMs: skew(date, sentAtMs, Date.now()) };
  } catch (error) {
    return { ok: false, ...explain(error, url) };
  }
}

function dateOf(url: URL, signal: AbortSignal): Promise<string | undefined> {
  const secure = url.protocol === 'https:';
  const agent = secure ? new HttpsAgent({ proxyEnv: process.env }) : new HttpAgent({ proxyEnv: process.env });
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const answered = (response: IncomingMessage) => {
    resolve(response.headers.date);
    response.destroy();
  };
  const request = (secure ? httpsRequest : httpRequest)(url, { method: 'GET', agent, signal }, answered);
  request.on('error', reject);
  request.end();
  return promise.finally(() => agent.destroy());
}

/** The header has whole seconds: half a second is added, and less than a second of difference cannot be told from none. */
function skew(date: string | undefined, sentAtMs: number, receivedAtMs: number): number | null {
  const serverMs = Date.parse(date ?? '');
  if (Number.isNaN(serverMs)) return null;
  const differenceMs = Math.round(serverMs + 500 - (sentAtMs + receivedAtMs) / 2);
  return Math.abs(differenceMs) < 1_000 ? 0 : differenceMs;
}

interface Explained {
  readonly cause: string;
  readonly fix: string;
}

function explain(error: unknown, { host, hostname }: URL): Explained {
  const code = codeOf(error);
  if (code === 'ABORT_ERR' || code === 'ETIMEDOUT' || isTimeout(error)) {
    return {
      cause: `${host} did not answer in time`,
      fix: 'A firewall may drop the connection: allow HTTPS to this host, or set HTTPS_PROXY to your proxy.',
    };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      cause: `The host name ${hostname} is not known (${code})`,
      fix: 'Check the account identifier (ORGANIZATION-ACCOUNT) and that this machine has a working name server.',
    };
  }
  if (code === 'ECONNREFUSED') {
    return {
      cause: `${host} refuses the connection`,
      fix: 'Check the access URL and its port, and whether a proxy is needed.',
    };
  }
  if (isTls(code)) {
    return {
      cause: `No secure connection to ${host}: ${messageOf(error)}`,
      fix: "If a company proxy inspects TLS, add its root certificate with NODE_EXTRA_CA_CERTS; otherwise check this computer's clock.",
    };
  }
  return {
    cause: `The connection to ${host} failed: ${messageOf(error)}`,
    fix: 'Check the network, the VPN and the proxy of this machine.',
  };
}

const isTls = (code: string): boolean =>
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/.test(code);

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A host with several addresses fails with one error for all of them, whose own message is empty. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
