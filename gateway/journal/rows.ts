/** A record as the thread stores it: JSON text made once, with the columns it is found by beside it. */
import { isSample } from '../../contract/usage-record.ts';
import type { JournalRecord } from './journal.ts';
import type { ClosedRow, OpenedRow } from './protocol.ts';

export function toOpenedRow(record: JournalRecord): OpenedRow {
  return { callId: record.callId, startedMs: Date.parse(record.startedAt), record: JSON.stringify(record) };
}

export function toClosedRow(record: JournalRecord): ClosedRow {
  return { ...toOpenedRow(record), closedMs: Date.now(), sample: isSample(record) ? 1 : 0 };
}
