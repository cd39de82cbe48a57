/**
 * How user names are kept: as said, as a keyed hash, or not at all (P5). Applied where a record and a row of the live tail are made, so that
 * nothing after it has seen another name: journal, hub, WebSocket, warehouses, CSV.
 */
import { createHmac } from 'node:crypto';
import type { UserIdPolicy } from '../../contract/app-settings.ts';

const hashLength = 12;
const mostRemembered = 1024;

export type KeepUser = (said: string | null) => string | null;

/** @param salt secret of this install: the same name has the same hash here, and none can be looked up elsewhere. */
export function createUserNames(salt: string | Uint8Array, policy: UserIdPolicy): KeepUser {
  if (policy === 'plain') return (said) => said;
  if (policy === 'none') return () => null;
  const hashes = new Map<string, string>();
  return (said) => {
    if (said === null) return null;
    const known = hashes.get(said);
    if (known !== undefined) return known;
    if (hashes.size >= mostRemembered) hashes.clear();
    // The prefix keeps a user who is called like a key from having that key's hash.
    const hash = `user-${createHmac('sha256', salt).update(`user:${said}`).digest('hex').slice(0, hashLength)}`;
    hashes.set(said, hash);
    return hash;
  };
}
