/** What an upstream may be called and where it may be, and where the gateway may listen without TLS: one rule for the gateway and for the forms. */
import { sampleUpstreamPrefix } from './usage-record.ts';

export const defaultUpstreams = {
  gemini: 'https://generativelanguage.googleapis.com',
  openai: 'https://api.openai.com',
  anthropic: 'https://api.anthropic.com',
} as const satisfies Readonly<Record<string, string>>;

export const upstreamName = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** First path segments that are the gateway's own or belong to Google's SDKs at root (DESIGN §6). */
const reserved: ReadonlySet<string> = new Set([
  'api',
  'ui',
  'ws',
  'metrics',
  'healthz',
  'v1',
  'v1beta',
  'v1alpha',
  'upload',
]);

export const isReservedUpstream = (name: string): boolean =>
  reserved.has(name) || name.startsWith(sampleUpstreamPrefix);

/** An http(s) address without user, query or fragment; null for anything else. */
export function upstreamOrigin(text: string): URL | null {
  if (!URL.canParse(text.trim())) return null; // `URL.parse` is younger than the oldest Electron
  const url = new URL(text.trim());
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  // A lone `?` or `#` leaves `search` and `hash` empty, and would still be text nobody meant.
  if (/[?#]/.test(text)) return null;
  return url.username === '' && url.password === '' ? url : null;
}

const octet = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
const loopback4 = new RegExp(String.raw`^127(?:\.${octet}){3}$`);

/** Whether only this machine can reach a listener on `host`. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || loopback4.test(host);
