/** Sessions nobody named: calls of one key from one address with one client belong together until 30 minutes pass without a call. */
import { createHmac } from 'node:crypto';

const idleMs = 30 * 60 * 1_000;
/** Least recently used sessions are forgotten beyond this; their next call starts a new one. */
const mostSessions = 10_000;
const hashLength = 10;

interface Session {
  readonly id: string;
  lastSeenMs: number;
}

/** `caller` is hashed with the install's salt: the id cannot be turned back into an address. */
export function createSessionIds(salt: string | Uint8Array): (caller: string, nowMs: number) => string {
  const sessions = new Map<string, Session>();
  return (caller, nowMs) => {
    const known = sessions.get(caller);
    const session = known !== undefined && nowMs - known.lastSeenMs <= idleMs ? known : begin(salt, caller, nowMs);
    session.lastSeenMs = Math.max(session.lastSeenMs, nowMs);
    sessions.delete(caller); // a Map keeps insertion order: the oldest is first
    sessions.set(caller, session);
    if (sessions.size > mostSessions) forgetOldest(sessions);
    return session.id;
  };
}

function begin(salt: string | Uint8Array, caller: string, nowMs: number): Session {
  const hash = createHmac('sha256', salt).update(`session ${nowMs} ${caller}`).digest('hex').slice(0, hashLength);
  return { id: `s-${hash}`, lastSeenMs: nowMs };
}

function forgetOldest(sessions: Map<string, Session>): void {
  const oldest = sessions.keys().next();
  if (oldest.done !== true) sessions.delete(oldest.value);
}
