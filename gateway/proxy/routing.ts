/**
 * Which upstream a request goes to, and under which path. Decided from the request target's bytes, and for `/v1/…` at the root from whose key
 * the request carries; percent-encoding, order and the query stay as received. The upstream's address never comes from the request.
 */
import type { Upstream } from '../config.ts';

/** An upstream with what every request to it needs, worked out once. */
export interface Destination {
  readonly upstream: Upstream;
  readonly basePath: string; // of the configured origin, without a trailing slash
}

export type Routed =
  | {
      readonly kind: 'forward';
      readonly destination: Destination;
      readonly target: string;
      readonly pathLength: number;
    }
  | { readonly kind: 'unknown_upstream' }
  | { readonly kind: 'bad_target'; readonly reason: string };

/** @param hasGoogleKey whether the request carries a key in Google's own header */
export type Router = (target: string, hasGoogleKey: () => boolean) => Routed;

/** Paths that Google's SDKs ask for at the root go to this upstream (DESIGN §6). */
const rootUpstream = 'gemini';
const rootPrefixes: ReadonlySet<string> = new Set(['v1beta', 'v1alpha', 'upload', 'ws']);
/** js-genai #1206: with a custom base URL the upload path arrives with its API version doubled. */
const doubledVersion = /^\/v1[a-z]*(?=\/upload\/)/;
const mayClimb = /\.\.|%2e/i;
const separators = /\/|\\|%2f|%5c/i;
// oxlint-disable-next-line no-control-regex -- these are what must not reach the upstream's request line
const unsafeBytes = /[\x00-\x20\x7f]|[^\x00-\xff]/;

/** A router over the configured upstreams. */
export function createRouter(upstreams: readonly Upstream[]): Router {
  const destinations = new Map(upstreams.map((upstream) => [upstream.name, destinationOf(upstream)]));
  return (target, hasGoogleKey) => {
    if (!target.startsWith('/'))
      return { kind: 'bad_target', reason: 'Only paths are served, not absolute URLs or *.' };
    if (unsafeBytes.test(target)) return { kind: 'bad_target', reason: 'The path holds a control character.' };
    const queryAt = target.indexOf('?');
    const path = queryAt === -1 ? target : target.slice(0, queryAt);
    const prefixEnd = endOfFirstSegment(path);
    const named = destinations.get(path.slice(1, prefixEnd));
    const destination = named ?? (isRootPath(path, hasGoogleKey) ? destinations.get(rootUpstream) : undefined);
    if (destination === undefined) return { kind: 'unknown_upstream' };
    const rest = upstreamPath(destination, named === undefined ? path : path.slice(prefixEnd));
    if (climbsOut(rest)) return { kind: 'bad_target', reason: "The path leaves the upstream's base path." };
    const full = destination.basePath + rest;
    const query = queryAt === -1 ? '' : target.slice(queryAt);
    return { kind: 'forward', destination, target: full + query, pathLength: full.length };
  };
}

function destinationOf(upstream: Upstream): Destination {
  return { upstream, basePath: upstream.origin.pathname.replace(/\/+$/, '') };
}

function endOfFirstSegment(path: string): number {
  const slash = path.indexOf('/', 1);
  return slash === -1 ? path.length : slash;
}

/**
 * js-genai asks for `/v1/…` unless told otherwise, and so do OpenAI's clients for files, batches and models: nobody's key may reach the other
 * provider. Google's clients send theirs in a header of its own.
 */
function isRootPath(path: string, hasGoogleKey: () => boolean): boolean {
  if (rootPrefixes.has(path.slice(1, endOfFirstSegment(path))) || path.startsWith('//ws/')) return true;
  if (!path.startsWith('/v1/')) return false;
  return (path.startsWith('/v1/models/') && path.includes(':')) || hasGoogleKey();
}

/** Undoes what Google's SDKs do to a path when their base URL is changed; other upstreams get theirs as it came. */
function upstreamPath(destination: Destination, rest: string): string {
  if (rest === '') return destination.basePath === '' ? '/' : '';
  if (destination.upstream.provider !== 'google') return rest;
  if (rest.startsWith('//ws/')) return rest.slice(1); // js-genai getWebsocketBaseUrl joins with one slash too many
  return rest.replace(doubledVersion, '');
}

/**
 * Whether dot segments lead above the start of the path, also when they or their slashes are percent-encoded: what a lenient upstream would
 * decode must not reach a path that was not meant to be served. Empty segments give no depth, because some servers collapse them.
 */
function climbsOut(path: string): boolean {
  if (!mayClimb.test(path)) return false;
  let depth = 0;
  for (const segment of path.split(separators)) {
    const plain = segment.replaceAll(/%2e/gi, '.');
    if (plain === '..') depth -= 1;
    else if (plain !== '' && plain !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
