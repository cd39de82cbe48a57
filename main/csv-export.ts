import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { AppError } from '../contract/errors.ts';

/**
 * Streams a CSV to a file of that name, through a draft beside it, so a cancelled or broken export leaves nothing half written and an older
 * file untouched.
 * @returns the number of data rows (the heading is not one).
 */
export async function saveCsv(
  body: ReadableStream<Uint8Array> | null,
  path: string,
  signal?: AbortSignal,
): Promise<number> {
  if (body === null) throw new AppError('internal', 'The gateway sent no rows.');
  const draft = `${path}.part`;
  const counter = createRowCounter();
  try {
    const options = signal === undefined ? {} : { signal };
    await pipeline(Readable.fromWeb(body), countingWith(counter), createWriteStream(draft, { mode: 0o600 }), options);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return Math.max(0, counter.rows() - 1);
}

function countingWith(counter: RowCounter): Transform {
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      counter.add(chunk);
      done(null, chunk);
    },
  });
}

export interface RowCounter {
  add(chunk: Uint8Array): void;
  rows(): number;
}

const quote = 0x22;
const lineFeed = 0x0a;

/** Counts the records of an RFC 4180 text fed in chunks: line ends inside quotes belong to a cell; the last record needs none. */
export function createRowCounter(): RowCounter {
  let inQuotes = false;
  let ended = 0;
  let open = false;
  return {
    add(chunk) {
      for (const byte of chunk) {
        if (byte === quote) inQuotes = !inQuotes; // an escaped quote is two of them: back where it was
        open = byte !== lineFeed || inQuotes;
        if (!open) ended += 1;
      }
    },
    rows: () => ended + (open ? 1 : 0),
  };
}

/** `ai-studio-monitor-calls-2026-11-23-1805.csv`, in the user's own time. */
export function csvFileName(question: string, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `ai-studio-monitor-${question}-${day}-${two(now.getHours())}${two(now.getMinutes())}.csv`;
}
