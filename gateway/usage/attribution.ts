/**
 * Whom a call belongs to: what its headers say (`x-aism-session`, `x-aism-user`, `x-aism-tag-NAME`) wins over what its body says, which the
 * meter adds later. Names given by the caller are stored as given, bounded; keys and addresses never are, not even as names (P5).
 */
import { randomBytes } from 'node:crypto';
import type { UserIdPolicy } from '../../contract/app-settings.ts';
import { sampleTag, type UsageRecord } from '../../contract/usage-record.ts';
import type { RawHeaders, RequestHead } from '../proxy/exchange.ts';
import { createAttempts, type AttemptFacts } from './attempt.ts';
import { createCallSecrets, type CallSecrets, type SecretsOf } from './call-secrets.ts';
import { clientOf } from './client-identity.ts';
import { createKeyIdentity } from './key-identity.ts';
import { labelOf } from './json-value.ts';
import { safeLabel, safeTags } from './safe-labels.ts';
import { createSessionIds } from './session-ids.ts';
import { createUserNames, type KeepUser } from './user-names.ts';

export type Identity = Pick<UsageRecord, 'sessionId' | 'userId' | 'keyId' | 'client' | 'tags'> & AttemptFacts;

export interface Attribution {
  /** The user as said: {@link Attribution.keepUser} comes after the body had its say. No secret of the call is in it. */
  identify(head: AttributedHead, secrets?: CallSecrets): Identity;
  readonly secretsOf: SecretsOf;
  readonly keepUser: KeepUser;
}
export type AttributedHead = Pick<RequestHead, 'headers' | 'query' | 'remoteAddress' | 'startedAt'>;

/** @param salt secret of this install; the same salt gives the same key ids over restarts. */
export function createAttribution(salt: string | Uint8Array, userIds: UserIdPolicy = 'plain'): Attribution {
  const keyIdOf = createKeyIdentity(salt);
  const sessionIdOf = createSessionIds(salt);
  const attemptOf = createAttempts(salt);
  const secretsOf = createCallSecrets();
  return {
    secretsOf,
    keepUser: createUserNames(salt, userIds),
    identify(head, secrets = secretsOf(head)) {
      const said = saidInHeaders(head.headers);
      const keyId = keyIdOf(head);
      const agent = clientOf(head.headers);
      const client = agent !== null && secrets.allows(agent) ? agent : null;
      const sessionId =
        safeLabel(said.sessionId, secrets) ??
        sessionIdOf(`${keyId ?? ''} ${head.remoteAddress} ${client ?? ''}`, head.startedAt.getTime());
      const userId = safeLabel(said.userId, secrets);
      const tags = safeTags(said.tags, secrets);
      return { sessionId, userId, keyId, client, tags, ...attemptOf(head.headers) };
    },
  };
}

/**
 * Attribution that has its salt later: until then a call has no key identity, and no hashed name, because one made with another salt would
 * look like another key. Its session lasts for as long as the salt is unknown.
 * @param salt null while it is not known
 */
export function lateAttribution(salt: () => string | null, userIds: UserIdPolicy): Attribution {
  const unsalted = createAttribution(randomBytes(32), userIds === 'hashed' ? 'none' : userIds);
  const anonymous: Attribution = {
    ...unsalted,
    identify: (head, secrets) => ({ ...unsalted.identify(head, secrets), keyId: null }),
  };
  let salted: Attribution | null = null;
  const current = (): Attribution => {
    const known = salt();
    if (known !== null) salted ??= createAttribution(known, userIds);
    return salted ?? anonymous;
  };
  return {
    identify: (head, secrets) => current().identify(head, secrets),
    secretsOf: unsalted.secretsOf, // needs no salt
    keepUser: (said) => current().keepUser(said),
  };
}

const prefix = 'x-aism-';
const tagPrefix = 'x-aism-tag-';
export const mostTags = 16;
const tagNamePattern = /^[\w.-]{1,64}$/;

function saidInHeaders(headers: RawHeaders): Pick<Identity, 'sessionId' | 'userId' | 'tags'> {
  let sessionId: string | null = null;
  let userId: string | null = null;
  const tags: Record<string, string> = {};
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (name.length <= prefix.length || (name[0] !== 'x' && name[0] !== 'X')) continue;
    const lower = name.toLowerCase();
    if (lower === 'x-aism-session') sessionId ??= headerLabel(headers[index + 1]);
    else if (lower === 'x-aism-user') userId ??= headerLabel(headers[index + 1]);
    else if (lower.startsWith(tagPrefix)) addTag(tags, lower.slice(tagPrefix.length), headers[index + 1]);
  }
  return { sessionId, userId, tags };
}

/** The tag of sample traffic is not the caller's to set: rows with it can be removed. */
export const isReservedTag = (name: string): boolean => name === sampleTag.name;

function addTag(tags: Record<string, string>, name: string, raw: string | undefined): void {
  if (
    isReservedTag(name) ||
    !tagNamePattern.test(name) ||
    Object.hasOwn(tags, name) ||
    Object.keys(tags).length >= mostTags
  )
    return;
  const value = headerLabel(raw);
  if (value !== null)
    Object.defineProperty(tags, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Header bytes come as Latin-1; most clients mean UTF-8. */
function headerLabel(raw: string | undefined): string | null {
  if (raw === undefined) return null;
  const text = Buffer.from(raw, 'latin1').toString('utf8');
  return labelOf(text.includes('\ufffd') ? raw : text);
}
