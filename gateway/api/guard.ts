/**
 * Who may talk to the gateway at all, decided from the request head alone, before anything is read, forwarded or written. The rules hold
 * for proxied paths too: a web page must not spend the user's keys. Compared as whole strings; prefixes and patterns have been bypassed
 * elsewhere (Jupyter CVE-2026-40110, deepclaude). An absent Origin is a client that is not a browser; browsers of today always say
 * `Sec-Fetch-Site`.
 *
 * - `Host`: exactly one, exactly a name of ours (DNS rebinding: MCP SDK CVE-2025-66414, Ollama CVE-2024-28224).
 * - `Origin`: absent, or our own.
 * - `Sec-Fetch-Site`: absent, `none` (typed address, bookmark) or `same-origin`.
 * - `Sec-Fetch-Dest` on proxied paths: absent or a script's request. A page load would run an upstream's HTML in our origin.
 */
import { isIP } from 'node:net';
import type { ErrorCode } from '../../contract/errors.ts';

export interface GuardRequest {
  /** Header pairs as on the wire: doubled headers must be seen. */
  readonly rawHeaders: readonly string[];
  /** Whether the path leads to an upstream. */
  readonly proxied: boolean;
}

export interface GuardPolicy {
  /** Lower-case `name:port`, and `name` alone where the port is the default of its scheme. */
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
}

export type Verdict =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly code: Extract<ErrorCode, 'forbidden_host' | 'forbidden_origin'>;
      readonly detail: string;
    };

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

type Scheme = 'http' | 'https';

/**
 * @param names further host names or addresses. With a port, such as `aism.example:443`, a name is
 * that of a reverse proxy or a forwarded port: clients then see that port, and a scheme that need not be ours.
 */
export function guardPolicy(scheme: Scheme, port: number, names: readonly string[] = []): GuardPolicy {
  const addresses = [...loopbackNames, ...names].map((name) => {
    const spelled = isIP(name) === 6 ? `[${name}]` : name.toLowerCase();
    const [, host, forwardedPort] = /^(.+):(\d+)$/.exec(spelled) ?? []; // the brackets of an IPv6 address end it
    return host === undefined
      ? { name: spelled, port, schemes: [scheme] }
      : { name: host, port: Number(forwardedPort), schemes: schemesAt(Number(forwardedPort)) };
  });
  const hosts = addresses.flatMap(({ name, port: at, schemes }) =>
    schemes.some((each) => at === defaultPort[each]) ? [name, `${name}:${at}`] : [`${name}:${at}`],
  );
  const origins = addresses.flatMap(({ name, port: at, schemes }) =>
    schemes.map((each) => `${each}://${name}${at === defaultPort[each] ? '' : `:${at}`}`),
  );
  return { hosts: new Set(hosts), origins: new Set(origins) };
}

const defaultPort = { http: 80, https: 443 } as const satisfies Record<Scheme, number>;

/** Whoever forwards may add TLS or not; at the default ports it is clear. */
function schemesAt(port: number): readonly Scheme[] {
  const known = (['http', 'https'] as const).filter((scheme) => defaultPort[scheme] === port);
  return known.length > 0 ? known : ['http', 'https'];
}

export function judge(request: GuardRequest, policy: GuardPolicy): Verdict {
  return judgeHost(request, policy) ?? judgeOrigin(request, policy) ?? judgeFetch(request) ?? { allowed: true };
}

function judgeHost({ rawHeaders }: GuardRequest, { hosts }: GuardPolicy): Verdict | null {
  const [host, ...others] = valuesOf(rawHeaders, 'host');
  if (host !== undefined && others.length === 0 && hosts.has(host.toLowerCase())) return null;
  return refuse('forbidden_host', `The Host header must be one of ${[...hosts].join(', ')}.`);
}

function judgeOrigin({ rawHeaders }: GuardRequest, { origins }: GuardPolicy): Verdict | null {
  if (valuesOf(rawHeaders, 'origin').every((origin) => origins.has(origin))) return null;
  return refuse('forbidden_origin', 'Web pages of other origins may not use this gateway.');
}

function judgeFetch({ rawHeaders, proxied }: GuardRequest): Verdict | null {
  const foreign = valuesOf(rawHeaders, 'sec-fetch-site').some((site) => site !== 'same-origin' && site !== 'none');
  if (foreign) return refuse('forbidden_origin', 'The browser says that another site asks.');
  const pageLoad = valuesOf(rawHeaders, 'sec-fetch-dest').some((dest) => dest !== 'empty' && dest !== 'websocket');
  if (proxied && pageLoad)
    return refuse('forbidden_origin', 'Proxied APIs answer API clients, not page loads of a browser.');
  return null;
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

const refuse = (code: 'forbidden_host' | 'forbidden_origin', detail: string): Verdict => ({
  allowed: false,
  code,
  detail,
});
