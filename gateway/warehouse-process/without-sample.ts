/** Sample traffic stays on this machine: a team's Snowflake is no place for the rows of a demo. */
import { isSample } from '../../contract/usage-record.ts';
import type { JournalReader } from '../journal/journal.ts';

/** The same journal without sample rows. Their places are passed over, and a range of nothing else wakes nobody (delivery/pass.ts). */
export function withoutSample(reader: JournalReader): JournalReader {
  return {
    streams: () => reader.streams(),
    pending: (...place) => reader.pending(...place),
    remembered: (destination) => reader.remembered(destination),
    oldest: () => reader.oldest(),
    lastSeq: () => reader.lastSeq(),
    close: () => reader.close(),
    readBatch: (...place) => {
      const batch = reader.readBatch(...place);
      return batch === null ? null : { ...batch, rows: batch.rows.filter((row) => !isSample(row)) };
    },
  };
}
