/** The gateway's and the connection's state in words. Pure. */
import type { Realtime } from '../../contract/gateway-api.ts';
import type { GatewayPhase, GatewayStatus } from '../../contract/ipc.ts';
import { formatExact } from '../format/numbers.ts';
import { formatClock, formatMinute } from '../format/time.ts';

export type StatusTone = 'good' | 'warn' | 'bad' | 'busy';

export interface StatusWords {
  readonly label: string;
  readonly tone: StatusTone;
}

const phases: Readonly<Record<GatewayPhase, StatusWords>> = {
  starting: { label: 'Starting', tone: 'busy' },
  running: { label: 'Running', tone: 'good' },
  degraded: { label: 'Degraded', tone: 'warn' },
  restarting: { label: 'Restarting', tone: 'busy' },
  stopped: { label: 'Stopped', tone: 'bad' },
  failed: { label: 'Failed', tone: 'bad' },
};

export function phaseWords(phase: GatewayPhase): StatusWords {
  return phases[phase];
}

/** "Stale since 14:02:11, retrying in 4 s"; null while the live connection stands or is made for the first time. */
export function staleWords(status: GatewayStatus, statusAtMs: number, nowMs: number, tz: string): string | null {
  if (status.live === 'connected' || status.liveSince === null) return null;
  if (status.live === 'connecting' && status.phase === 'starting') return null;
  const since = `Stale since ${formatClock(status.liveSince, tz)}`;
  if (status.retryInMs === null) return status.phase === 'failed' ? since : `${since}, connecting`;
  const seconds = Math.ceil((statusAtMs + status.retryInMs - nowMs) / 1000);
  return seconds > 0 ? `${since}, retrying in ${seconds} s` : `${since}, retrying now`;
}

type Counted = Pick<Realtime['today'], 'since' | 'notRecorded'>;

/** What the totals beside it count: "Today", or "Since 14:02" while the calls of earlier today are missing. */
export function todayLabel({ since }: Pick<Counted, 'since'>, tz: string): string {
  return since === null ? 'Today' : `Since ${formatMinute(since, tz)}`;
}

/** "12 not recorded"; null when every call was. */
export function notRecordedWords({ notRecorded }: Pick<Counted, 'notRecorded'>): string | null {
  return notRecorded === 0 ? null : `${formatExact(notRecorded)} not recorded`;
}

export function todayNote({ since, notRecorded }: Counted, tz: string): string | null {
  const notes = [
    ...(notRecorded === 0
      ? []
      : ['Calls that could not be recorded count here and are missing in charts, lists and exports.']),
    ...(since === null
      ? []
      : [`Calls of today before ${formatMinute(since, tz)} are added as soon as the embedded warehouse can be read`]),
  ];
  return notes.length === 0 ? null : notes.join(' ');
}

/** Whether the person has to do something, so the failure deserves more room than the strip. */
export function needsHelp(status: GatewayStatus): boolean {
  return status.phase === 'failed' || status.suggestedPort !== null;
}
