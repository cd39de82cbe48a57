import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { AppError } from '../contract/errors.ts';
import { throughDraft } from './reports/draft-file.ts';

export interface SaveOptions {
  readonly signal?: AbortSignal;
  /** Called for every chunk that passes. */
  readonly onProgress?: (rows: number, bytes: number) => void;
}

/**
 * Streams a CSV to a file of that name; memory does not grow with its length.
 * @returns the number of data rows (the heading is not one).
 * @throws AppError `file_not_written`, `gateway_unreachable` when the rows end early, or the reason of the abort
 */
export async function saveCsv(
  body: ReadableStream<Uint8Array> | null,
  path: string,
  { signal, onProgress = () => undefined }: SaveOptions = {},
): Promise<number> {
  if (body === null) throw new AppError('internal', 'The gateway sent no rows.');
  const counter = createRowCounter();
  const dataRows = (): number => Math.max(0, counter.rows() - 1);
  const count = countingWith(counter, (bytes) => onProgress(dataRows(), bytes));
  const options = signal === undefined ? {} : { signal };
  await throughDraft(path, (draft) =>
    pipeline(Readable.fromWeb(body), count, createWriteStream(draft, { mode: 0o600 }), options),
  ).catch((error: unknown) => {
    throw isBrokenBody(error) ? new AppError('gateway_unreachable', brokenWords, { cause: error }) : error;
  });
  return dataRows();
}

const brokenWords = 'The gateway ended the export before it was complete. Nothing was saved; try again.';

/** How fetch says that the other side closed in the middle of a body. */
const isBrokenBody = (error: unknown): boolean => error instanceof TypeError && error.message === 'terminated';

function countingWith(counter: RowCounter, counted: (bytes: number) => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      counter.add(chunk);
      bytes += chunk.byteLength;
      counted(bytes);
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
