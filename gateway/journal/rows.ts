/** A record as the thread stores it: JSON text made once, with the columns it is found by beside it. */
import { sampleTag, type UsageRecord } from '../../contract/usage-record.ts';
import type { JournalRecord } from './journal.ts';
import type { ClosedRow, OpenedRow } from './protocol.ts';

export function toOpenedRow(record: JournalRecord): OpenedRow {
  return { callId: record.callId, startedMs: Date.parse(record.startedAt), record: JSON.stringify(record) };
}

export function toClosedRow(record: JournalRecord): ClosedRow {
  return { ...toOpenedRow(record), closedMs: Date.now(), sample: isSample(record) };
}

/** 1 for rows of the built-in sample traffic, which can be removed together. */
export const isSample = (record: Pick<UsageRecord, 'tags'>): 0 | 1 =>
  record.tags[sampleTag.name] === sampleTag.value ? 1 : 0;
