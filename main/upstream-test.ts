/**
 * Is an address the right one? One request without any key to its root: whatever status comes back, somebody speaks HTTP there. Like the
 * gateway itself it goes straight to the address: HTTP_PROXY and its kin are not used.
 */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { UpstreamTest } from '../contract/app-settings.ts';
import { upstreamOrigin } from '../contract/upstreams.ts';

const deadlineMs = 10_000;

export async function testUpstream(address: string, left: AbortSignal, waitMs = deadlineMs): Promise<UpstreamTest> {
  const url = upstreamOrigin(address);
  if (url === null) return failed('Accepted: an http(s) address without user name, query or fragment.');
  const deadline = AbortSignal.timeout(waitMs);
  const startedAt = performance.now();
  try {
    const statusCode = await ask(url, AbortSignal.any([left, deadline]));
    const durationMs = Math.round(performance.now() - startedAt);
    return { ok: true, message: answerWords(url, statusCode), statusCode, durationMs };
  } catch (error) {
    return failed(deadline.aborted ? silentWords(url, waitMs) : faultWords(url, codeOf(error)));
  }
}

const failed = (message: string): UpstreamTest => ({ ok: false, message, statusCode: null, durationMs: null });

/** HEAD asks for nothing; a server that does not know it still answers. */
function ask(url: URL, signal: AbortSignal): Promise<number> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    request(url, { method: 'HEAD', agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

const answerWords = ({ host }: URL, status: number): string =>
  status < 400
    ? `${host} answers (HTTP ${status}).`
    : `${host} answers (HTTP ${status} at its root, without a key). The address is right.`;

const silentWords = ({ host }: URL, waitMs: number): string =>
  `${host} did not answer within ${Math.round(waitMs / 1000)} s. A firewall, or a server that is down.`;

const faults: readonly (readonly [RegExp, (url: URL) => string])[] = [
  [
    /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)$/,
    ({ hostname }) => `No computer is called ${hostname}: the name has no address, or this computer has no network.`,
  ],
  [/^ECONNREFUSED$/, ({ host }) => `${host} refuses the connection: nothing listens there.`],
  [/^(ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL)$/, ({ host }) => `${host} cannot be reached from this network.`],
  [
    /^(ETIMEDOUT|ESOCKETTIMEDOUT)$/,
    ({ host }) => `${host} did not answer in time. A firewall, or a server that is down.`,
  ],
  [
    /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/,
    ({ host }) => `The certificate of ${host} is not valid today. Check the clock of this computer.`,
  ],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, ({ host }) => `The certificate of ${host} is issued for another name.`],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_UNTRUSTED)$/,
    ({ host }) =>
      `The certificate of ${host} is not from an authority that is trusted here. Name yours in NODE_EXTRA_CA_CERTS.`,
  ],
  [/^(EPROTO|ERR_SSL_\w+)$/, ({ host }) => `${host} does not speak TLS: perhaps it wants http:// instead of https://.`],
  [/^HPE_/, ({ host }) => `${host} answers, but not in HTTP: perhaps it wants https:// instead of http://.`],
  [
    /^(ECONNRESET|EPIPE)$/,
    ({ host }) => `${host} closed the connection without an answer: perhaps it wants https:// instead of http://.`,
  ],
];

function faultWords(url: URL, code: string): string {
  const words = faults.find(([pattern]) => pattern.test(code))?.[1];
  return words === undefined ? `${url.host} cannot be reached (${code === '' ? 'unknown cause' : code}).` : words(url);
}
