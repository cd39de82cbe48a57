/** Health of each upstream from the outcomes of the last five minutes, in ten-second slots: fixed memory whatever the traffic. */
import type { z } from 'zod';
import type { UpstreamHealth } from '../../contract/gateway-api.ts';
import type { Outcome, UsageRecord } from '../../contract/usage-record.ts';

export type UpstreamState = z.output<typeof UpstreamHealth>;

const slotMs = 10_000;
const slotCount = 30;
/** Above this share of failures an upstream is degraded; when every one of several calls failed it is down. */
const degradedShare = 0.1;
const enoughCalls = 3;

const failures: ReadonlySet<Outcome> = new Set(['network_error', 'timeout', 'upstream_error']);

export interface UpstreamTracker {
  callEnded(record: UsageRecord): void;
  /** One entry for each given upstream, calls or none. */
  states(upstreams: readonly { readonly name: string; readonly origin: URL }[]): UpstreamState[];
}

interface Slot {
  number: number;
  calls: number;
  failures: number;
}

interface Tracked {
  readonly slots: Slot[];
  lastError: string | null;
}

export function createUpstreamTracker(now: () => number = Date.now): UpstreamTracker {
  const tracked = new Map<string, Tracked>();
  const current = (): number => Math.floor(now() / slotMs);
  return {
    callEnded(record) {
      const own = tracked.get(record.upstream) ?? { slots: [], lastError: null };
      tracked.set(record.upstream, own);
      const failed = failures.has(record.outcome);
      count(own.slots, current(), failed);
      if (failed) own.lastError = describe(record);
    },
    states: (upstreams) =>
      upstreams.map(({ name, origin }) => stateOf(name, origin.origin, tracked.get(name), current())),
  };
}

function count(slots: Slot[], number: number, failed: boolean): void {
  const last = slots.at(-1);
  const slot = last?.number === number ? last : { number, calls: 0, failures: 0 };
  if (slot !== last) slots.push(slot);
  if (slots.length > slotCount) slots.shift();
  slot.calls += 1;
  slot.failures += failed ? 1 : 0;
}

function stateOf(name: string, origin: string, own: Tracked | undefined, current: number): UpstreamState {
  const recent = (own?.slots ?? []).filter((slot) => slot.number > current - slotCount && slot.number <= current);
  const calls = recent.reduce((sum, slot) => sum + slot.calls, 0);
  const failed = recent.reduce((sum, slot) => sum + slot.failures, 0);
  return {
    name,
    origin,
    state: judge(calls, failed),
    calls,
    failures: failed,
    lastError: failed > 0 ? (own?.lastError ?? null) : null,
  };
}

function judge(calls: number, failed: number): UpstreamState['state'] {
  if (calls >= enoughCalls && failed === calls) return 'down';
  return failed > 0 && failed / calls >= degradedShare ? 'degraded' : 'ok';
}

const describe = ({ outcome, statusCode, errorCode }: UsageRecord): string =>
  [outcome, statusCode, errorCode].filter((part) => part !== null).join(' ');
