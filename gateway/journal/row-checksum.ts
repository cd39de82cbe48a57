/**
 * SQLite does not checksum its pages, so a flipped bit inside a record would be delivered as a number. Every ended row carries a CRC-32 of
 * its place and content; salvage, the reader and `journal check` all verify it.
 */
import { crc32 } from 'node:zlib';

export interface SealedRow {
  readonly seq: number;
  readonly epoch: string;
  readonly call_id: string;
  readonly started_ms: number;
  readonly closed_ms: number;
  readonly sample: number;
  readonly record: string;
  readonly crc: number;
}

/** CRC-32 (0 … 2^32-1) over everything the row says. */
export function rowChecksum(row: Omit<SealedRow, 'crc'>): number {
  return crc32(
    row.record,
    crc32(`${row.seq} ${row.epoch} ${row.call_id} ${row.started_ms} ${row.closed_ms} ${row.sample} `),
  );
}

/** Also false for a value of another type, which a damaged page can show in spite of STRICT. */
export function isIntact(row: SealedRow): boolean {
  return typeof row.record === 'string' && rowChecksum(row) === row.crc;
}

/** A row of a running call; it has no place yet. */
export interface OpenRow {
  readonly call_id: string;
  readonly run: string;
  readonly started_ms: number;
  readonly record: string;
  readonly crc: number;
}

export function openRowChecksum(callId: string, record: string): number {
  return crc32(record, crc32(callId));
}

export function isIntactOpen(row: OpenRow): boolean {
  return (
    typeof row.record === 'string' &&
    typeof row.call_id === 'string' &&
    openRowChecksum(row.call_id, row.record) === row.crc
  );
}
