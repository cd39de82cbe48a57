/**
 * What a call carries that must be in no record of it: keys, other credentials, cookies, values of its query. An upstream may echo any of them as
 * an error code or a model, and a client may put one into a tag, in any shape; so the strings of a record are compared with the secrets of
 * their own call (P5).
 */
import { scrub } from '../../contract/scrub.ts';
import type { KeySource } from './key-identity.ts';
import { formsOf, holds, type SecretForms } from './secret-forms.ts';

export interface CallSecrets {
  /** True when the text holds no secret of the call, as it is or encoded, and nothing that looks like a key. */
  allows(text: string): boolean;
}

export type SecretsOf = (source: KeySource) => CallSecrets;

const mostRemembered = 1024;

/** Most calls bring the same few keys, models and codes: what was worked out for one is remembered, bounded. */
export function createCallSecrets(): SecretsOf {
  const looksClean = remembering((text) => scrub(text) === text);
  const forms = remembering(formsOf);
  return (source) => {
    let secrets: readonly SecretForms[] | null = null;
    return {
      allows(text) {
        secrets ??= [...secretsIn(source)].map(forms);
        return looksClean(text) && !holds(text, secrets);
      },
    };
  };
}

function remembering<T>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= mostRemembered) known.clear();
    const result = work(text);
    known.set(text, result);
    return result;
  };
}

/** By how a name ends, because providers and the proxies before them have hundreds: `x-goog-api-key`, `cf-aig-authorization`, `Helicone-Auth`. */
const secretName =
  /(?:^|[-_.])(?:authorization|auth|api-?key|key|token|secret|password|cookie2?|credentials?|signature|sig|jwt)$/i;
/** Below this length a value is no secret unless its name says so: `true`, `sse`, `42`. */
const shortestUnnamed = 8;
/** Parameters whose values are names of things that a record rightly has. */
const plainParameters = new Set([
  'model',
  'deployment',
  'deployment_id',
  'api-version',
  'alt',
  '$alt',
  'order',
  'beta',
]);

function secretsIn({ headers, query }: KeySource): Set<string> {
  const secrets = new Set<string>();
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase();
    for (const secret of secretsOfHeader(name, headers[index + 1] ?? '')) secrets.add(secret);
  }
  for (const [name, value] of query) {
    if (secretName.test(name) || (value.length >= shortestUnnamed && !plainParameters.has(name.toLowerCase())))
      secrets.add(value.trim());
  }
  secrets.delete('');
  return secrets;
}

function secretsOfHeader(name: string, value: string): readonly string[] {
  if (name.startsWith('x-aism-')) return []; // ours: what they say is meant to be kept
  if (name === 'cookie') return value.split(';').map(cookieValue);
  if (name === 'sec-websocket-protocol') return value.split(',').flatMap(subprotocolSecret);
  return secretName.test(name) ? credentialParts(value) : [];
}

const cookieValue = (pair: string): string =>
  pair
    .slice(pair.indexOf('=') + 1)
    .replaceAll('"', '')
    .trim();

/** A browser cannot set headers of a WebSocket: the key is a subprotocol, `openai-insecure-api-key.sk-…`. */
function subprotocolSecret(protocol: string): readonly string[] {
  const secret = protocol.slice(protocol.indexOf('.') + 1).trim();
  return secret.length >= 16 ? [secret] : [];
}

/** The value, each word of it (`Bearer x`), the value of each parameter (`Signature=x`), and what a Basic credential says. */
function credentialParts(value: string): readonly string[] {
  const words = value.split(/[\s,;]+/).filter((word) => word.length >= shortestUnnamed);
  const parameters = words.flatMap((word) => /^[\w-]+=(.+)$/.exec(word)?.[1] ?? []);
  const basic = /^Basic\s+(\S+)/i.exec(value.trim())?.[1];
  const login = basic === undefined ? '' : Buffer.from(basic, 'base64').toString('utf8');
  return [value.trim(), ...words, ...parameters, login, login.slice(login.indexOf(':') + 1)];
}
