/**
 * Tells of budgets and alarms that were crossed, as notices of the desktop.
 *
 * Invariants
 * - A crossing is told once in the life of an installation: the ids that were told outlive the app, the newest {@link keptIds} of them.
 * - What arrives together is one notice.
 * - While notices are snoozed nothing is told; what still holds when the snooze ends is told then.
 * - Where a person wants no notices of alerts, what holds counts as told: switching them on speaks of later crossings only.
 */
import type { ServerFrame } from '../contract/gateway-api.ts';
import type { GatewayStatus, TellPayload } from '../contract/ipc.ts';
import type { Alert, AlertsState } from '../contract/thresholds.ts';

type Navigate = TellPayload<'navigate'>;

export interface AlertNotice {
  readonly title: string;
  readonly body: string;
  readonly to: Navigate; // where a click leads
}

export interface AlertNotices {
  update(state: AlertsState): void;
  stop(): void;
}

export interface AlertNoticesOptions {
  readonly told: () => readonly string[];
  readonly remember: (told: string[]) => void;
  readonly wanted: () => boolean;
  readonly ring: (notice: AlertNotice) => void;
  readonly now?: () => number;
}

const keptIds = 500;

export function createAlertNotices(options: AlertNoticesOptions): AlertNotices {
  const { told, remember, wanted, ring, now = Date.now } = options;
  let snooze: NodeJS.Timeout | undefined;
  const update = (state: AlertsState): void => {
    clearTimeout(snooze);
    const known = new Set(told());
    const [first, ...others] = state.alerts.filter(({ id, endedAt }) => endedAt === null && !known.has(id));
    if (first === undefined) return;
    const leftMs = wanted() ? snoozeLeftMs(state, now()) : 0;
    if (leftMs > 0) {
      snooze = setTimeout(() => update(state), leftMs);
      return;
    }
    remember([...told(), ...[first, ...others].map(({ id }) => id)].slice(-keptIds));
    if (wanted()) ring(noticeOf(first, others));
  };
  return { update, stop: () => clearTimeout(snooze) };
}

function snoozeLeftMs({ snoozedUntil }: AlertsState, nowMs: number): number {
  return snoozedUntil === null ? 0 : Math.max(0, Date.parse(snoozedUntil) - nowMs);
}

function noticeOf(first: Alert, others: readonly Alert[]): AlertNotice {
  if (others.length === 0) return { title: first.title, body: first.text, to: callsOf(first) };
  const all = [first, ...others];
  const same = others.every((other) => JSON.stringify(callsOf(other)) === JSON.stringify(callsOf(first)));
  return {
    title: `${all.length} alerts`,
    body: all.map(({ title }) => title).join('\n'),
    to: same ? callsOf(first) : { screen: 'overview' },
  };
}

const callsOf = ({ filter, range }: Alert): Navigate => ({ screen: 'requests', filter, range });

/** What {@link followAlerts} needs of the link to the gateway. */
export interface AlertSource {
  onStatus(listener: (status: GatewayStatus) => void): () => void;
  onFrame(listener: (frame: ServerFrame) => void): () => void;
  ask(): Promise<AlertsState>;
}

/** Frames speak of changes, so what holds already is asked for each time the connection begins. Returns what ends it. */
export function followAlerts(
  source: AlertSource,
  take: (state: AlertsState) => void,
  onFailure: (error: unknown) => void,
): () => void {
  let connected = false;
  const ends = [
    source.onFrame((frame) => {
      if (frame.type === 'alerts') take(frame.state);
    }),
    source.onStatus(({ live }) => {
      const begins = live === 'connected' && !connected;
      connected = live === 'connected';
      if (begins) source.ask().then(take, onFailure);
    }),
  ];
  return () => ends.forEach((end) => end());
}
