/**
 * Call ids: UUIDv7 (RFC 9562 §5.7), so that they sort by time of birth. `rand_a` is a counter with a random start (§6.2 method 1), which keeps
 * ids of one process strictly increasing within a millisecond and when the wall clock steps back.
 */
import { randomFillSync } from 'node:crypto';

const counterLimit = 0x1000; // 12 bits
const poolSize = 4096;
const variants = '89ab';
const bytesPerId = 10; // 2 for the counter's start, 8 for rand_b

/** A source of strictly increasing UUIDv7 strings. `now` yields milliseconds since the epoch. */
export function createCallIds(now: () => number = Date.now): () => string {
  const pool = Buffer.alloc(poolSize);
  let used = poolSize;
  let lastMs = -1;
  let counter = 0;

  return () => {
    if (used + bytesPerId > poolSize) {
      randomFillSync(pool);
      used = 0;
    }
    const at = used;
    used += bytesPerId;
    const ms = now();
    if (ms > lastMs) {
      lastMs = ms;
      counter = pool.readUInt16BE(at) & 0x7ff; // the upper half stays free to count in
    } else if (++counter === counterLimit) {
      lastMs += 1; // the counter overflowed: run ahead of the clock (§6.2)
      counter = 0;
    }
    const time = lastMs.toString(16).padStart(12, '0');
    const randA = (0x7000 | counter).toString(16);
    const variant = variants[((pool[at + 2] ?? 0) >> 4) & 3] ?? '8';
    const randB = pool.toString('hex', at + 2, at + bytesPerId); // its first digit gives way to the variant
    return `${time.slice(0, 8)}-${time.slice(8)}-${randA}-${variant}${randB.slice(1, 4)}-${randB.slice(4)}`;
  };
}
