/**
 * Call ids: UUIDv7 (RFC 9562 §5.7), so that they sort by time of birth. `rand_a` is a counter with a random start (§6.2 method 1), which keeps
 * ids of one process strictly increasing within a millisecond and when the wall clock steps back.
 */
import { randomFillSync } from 'node:crypto';

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const counterLimit = 0x1000; // 12 bits
const poolSize = 4096;
const bytesPerId = 10; // 2 for the counter's start, 8 for rand_b

/** A source of strictly increasing UUIDv7 strings. `now` yields milliseconds since the epoch. */
export function createCallIds(now: () => number = Date.now): () => string {
  const pool = Buffer.alloc(poolSize);
  let used = poolSize;
  let lastMs = -1;
  let counter = 0;

  const byteAt = (index: number): string => hex[pool[index] ?? 0] ?? '00';

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
    const variant = hex[0x80 | ((pool[at + 2] ?? 0) & 0x3f)] ?? '80';
    const tail = byteAt(at + 4) + byteAt(at + 5) + byteAt(at + 6) + byteAt(at + 7) + byteAt(at + 8) + byteAt(at + 9);
    return `${time.slice(0, 8)}-${time.slice(8)}-${randA}-${variant}${byteAt(at + 3)}-${tail}`;
  };
}
