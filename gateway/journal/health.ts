/** The journal's health in plain words: what is wrong and what happens now. Pure. */
import type { JournalHealth } from '../../contract/gateway-api.ts';
import type { StandingFault } from './faults.ts';
import type { Behind, Quarantine, StoreStats } from './protocol.ts';

export interface JournalView {
  readonly phase: 'starting' | 'working' | 'stopped';
  readonly stats: StoreStats;
  readonly capBytes: number;
  readonly fault: StandingFault | null; // of the last attempt to write
  readonly refusing: boolean; // at the cap with nothing left to remove
  readonly unansweredMs: number; // how long the thread has been at the current batch
  readonly lateCommits: number;
  readonly lostRows: number;
  readonly waitingRows: number;
  readonly quarantine: Quarantine | null;
  readonly notice: string | null; // what people have to know although every call is recorded
}

const alarmRatio = 0.8;
const slowMs = 1000;

export function describeJournal(view: JournalView): JournalHealth {
  const { state, detail } = verdict(view);
  return {
    state,
    detail,
    rows: view.stats.rows,
    openRows: view.stats.openRows,
    bytes: view.stats.bytes,
    capBytes: view.capBytes,
    lateCommits: view.lateCommits,
    lostRows: view.lostRows,
    waitingRows: view.waitingRows,
    quarantined: view.quarantine?.file ?? null,
  };
}

/**
 * The alarm at 80 % of the cap is about rows nobody has taken yet. Delivered rows that only wait out the rebuild window are removed early
 * when the cap is near, so a journal full of them needs nobody's attention.
 */
function verdict(view: JournalView): Pick<JournalHealth, 'state' | 'detail'> {
  const degraded = (detail: string): Pick<JournalHealth, 'state' | 'detail'> => ({ state: 'degraded', detail });
  if (view.phase === 'stopped') return { state: 'down', detail: 'The journal is stopped.' };
  if (view.fault !== null) return degraded(`${faultText(view.fault)} ${waitingText(view)}`);
  if (view.phase === 'starting') return degraded(`The journal is being opened and checked. ${waitingText(view)}`);
  if (view.refusing)
    return degraded(
      `The journal is at its limit of ${megabytes(view.capBytes)} with rows no destination has taken. New calls are not recorded (${view.lostRows} so far). Bring the destination back or raise the limit.`,
    );
  if (view.unansweredMs > slowMs)
    return degraded(
      `The disk is slow: a write has taken ${Math.round(view.unansweredMs / 1000)} s so far. ${waitingText(view)}`,
    );
  if (!view.stats.reserveHeld)
    return degraded(
      'The disk is almost full: the journal could not keep its reserve of 1 MB. Calls are still recorded.',
    );
  const waiting = undeliveredBytes(view.stats);
  if (waiting >= alarmRatio * view.capBytes)
    return degraded(
      `Rows that no destination has taken fill ${percent(waiting / view.capBytes)} of the journal's limit of ${megabytes(view.capBytes)}. At the limit new calls are not recorded.`,
    );
  if (view.notice !== null) return degraded(`Calls are recorded. ${view.notice}`);
  if (view.quarantine !== null)
    return { state: view.quarantine.unreadableRows === 0 ? 'ok' : 'degraded', detail: quarantineText(view.quarantine) };
  return { state: 'ok', detail: 'Every call is recorded.' };
}

function undeliveredBytes({ bytes, rows, undeliveredRows }: StoreStats): number {
  return rows === 0 ? 0 : (bytes * undeliveredRows) / rows;
}

function faultText({ kind, message, since }: StandingFault): string {
  switch (kind) {
    case 'moved':
      return `Calls are not recorded since ${since.toISOString()}: ${message}. Make it again, or stop the other gateway that uses it now.`;
    case 'full':
      return 'The disk is full.';
    case 'readonly':
      return `The journal cannot be written: ${message}.`;
    case 'busy':
      return `Another program holds the journal: ${message}.`;
    case 'newer':
      return `${message}. The file is left untouched; install the newer version or move the file away.`;
    case 'corrupt':
      return `The journal is damaged and could not be set aside: ${message}.`;
    case 'io':
      return `The disk reports an error: ${message}.`;
    case 'unknown':
      return `The journal failed: ${message}.`;
    default:
      return kind satisfies never;
  }
}

function waitingText({ waitingRows, lostRows }: JournalView): string {
  const lost = lostRows === 0 ? '' : ` ${lostRows} could not be kept.`;
  return `${waitingRows} ended calls wait in memory and are written as soon as it works again.${lost}`;
}

/** For people; null when the file is as the last run left it. */
export const behindText = (behind: Behind | null): string | null =>
  behind === null
    ? null
    : `The journal ends at row ${behind.lastSeq}, the last run had written ${behind.written}: journal.db was lost or put back from an older copy. Calls that no database had taken are missing.`;

function quarantineText({ file, reason, salvagedRows, unreadableRows }: Quarantine): string {
  const unreadable = unreadableRows === 0 ? '' : ` Up to ${unreadableRows} rows could not be read.`;
  return `A damaged journal was set aside as ${file} (${reason}); ${salvagedRows} rows were taken over.${unreadable}`;
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
const percent = (share: number): string => `${Math.floor(share * 100)} %`;
