import type { RecordingState } from '../contract/gateway-api.ts';
import type { GatewayStatus } from '../contract/ipc.ts';
import type { Today } from './live-state.ts';

/**
 * What the tray shows, told by shape so that it reads in a monochrome tray: a filled circle = calls pass and are metered, a triangle = calls
 * pass but something is not well, a hollow square = calls do not pass, two bars = calls pass and a person chose not to record them. A pause is
 * shown before what is degraded: a forgotten one loses rows for good.
 */
export type TrayIcon = 'running' | 'degraded' | 'stopped' | 'paused';
export type TrayAction = 'open' | 'storage' | 'copyUrl' | 'pause' | 'resume' | 'restart' | 'quit';
export type TrayRow =
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'action'; readonly label: string; readonly action: TrayAction; readonly enabled: boolean }
  | { readonly kind: 'separator' };

export interface TrayView {
  readonly icon: TrayIcon;
  readonly tooltip: string;
  readonly rows: readonly TrayRow[];
}

export interface TrayFacts {
  readonly status: GatewayStatus;
  readonly today: Today | null;
  readonly recording: RecordingState | null; // null until the gateway has told
  /** What a person should know of the delivery to Snowflake; null when all is well or it is off. */
  readonly snowflake: string | null;
}

export function trayView({ status, today, recording, snowflake }: TrayFacts): TrayView {
  const { icon, word } = stateOf(status);
  const spent = spentToday(today);
  const paused = icon === 'stopped' ? null : pausedWords(recording);
  const attention: readonly TrayRow[] =
    snowflake === null ? [] : [{ kind: 'action', label: `${snowflake}…`, action: 'storage', enabled: true }];
  return {
    icon: paused !== null ? 'paused' : icon === 'running' && snowflake !== null ? 'degraded' : icon,
    tooltip: [`AI Studio Monitor: ${word}`, ...listed(paused), ...listed(snowflake), spent].join('\n'),
    rows: [
      { kind: 'text', label: `Gateway: ${word}` },
      ...listed(paused).map((label) => ({ kind: 'text', label }) as const),
      { kind: 'text', label: spent },
      ...attention,
      { kind: 'separator' },
      { kind: 'action', label: 'Open AI Studio Monitor', action: 'open', enabled: true },
      { kind: 'action', label: 'Copy base URL', action: 'copyUrl', enabled: status.url !== null },
      recordingRow(paused !== null, icon !== 'stopped' && recording !== null),
      { kind: 'action', label: 'Restart gateway', action: 'restart', enabled: status.phase !== 'starting' },
      { kind: 'separator' },
      { kind: 'action', label: 'Quit', action: 'quit', enabled: true },
    ],
  };
}

const listed = (words: string | null): readonly string[] => (words === null ? [] : [words]);

function recordingRow(paused: boolean, enabled: boolean): TrayRow {
  return paused
    ? { kind: 'action', label: 'Resume recording', action: 'resume', enabled }
    : { kind: 'action', label: 'Pause recording', action: 'pause', enabled };
}

/** 'Recording paused since 14:02, 37 calls passed unrecorded'; null while calls are recorded. */
export function pausedWords(recording: RecordingState | null): string | null {
  if (recording?.paused !== true) return null;
  const since = recording.since === null ? '' : ` since ${clock.format(new Date(recording.since))}`;
  const { passedCalls } = recording;
  return `Recording paused${since}, ${wholeNumber.format(passedCalls)} ${passedCalls === 1 ? 'call' : 'calls'} passed unrecorded`;
}

function stateOf({ phase, live }: GatewayStatus): { readonly icon: TrayIcon; readonly word: string } {
  switch (phase) {
    case 'running':
      return live === 'lost' ? { icon: 'degraded', word: 'live data lost' } : { icon: 'running', word: 'running' };
    case 'degraded':
      return { icon: 'degraded', word: 'degraded' };
    case 'starting':
    case 'restarting':
    case 'stopped':
    case 'failed':
      return { icon: 'stopped', word: phase === 'failed' ? 'cannot start' : phase };
    default:
      return phase satisfies never;
  }
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const wholeNumber = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** '1,204 calls today, 12 not recorded, at least $3.21'; 'since 14:05' while earlier calls of today cannot be read. An unknown price is never shown as a sum of nothing. */
export function spentToday(today: Today | null): string {
  if (today === null) return 'No figures yet';
  const { calls, costUsd, unpricedCalls, notRecorded, since } = today;
  const when = since === null ? 'today' : `since ${clock.format(new Date(since))}`;
  if (calls === 0) return `No calls ${when}`;
  const lost = notRecorded === 0 ? '' : `, ${wholeNumber.format(notRecorded)} not recorded`;
  const counted = `${wholeNumber.format(calls)} ${calls === 1 ? 'call' : 'calls'} ${when}${lost}`;
  if (costUsd === null) return unpricedCalls > 0 ? `${counted}, cost unknown` : counted;
  return `${counted}, ${unpricedCalls > 0 ? 'at least ' : ''}${money(costUsd)}`;
}

/** UX "Numbers": four decimals under one dollar, two above, and the smallest amounts as a bound. */
function money(usd: number): string {
  if (usd > 0 && usd < 0.0001) return '<$0.0001';
  const digits = usd < 1 ? 4 : 2;
  const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `$${format.format(usd)}`;
}
