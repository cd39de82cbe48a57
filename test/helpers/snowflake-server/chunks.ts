/**
 * Large results: the first rows come with the answer, the rest in chunks that the driver fetches by itself. A chunk is rows joined by commas
 * without the outer brackets, gzipped; its address holds no session token, only the headers that came with the answer open it.
 */
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Cell } from './encode-result.ts';

type Rows = readonly (readonly Cell[])[];

export interface ChunkRules {
  /** Rows that come with the answer, and rows in a chunk. */
  readonly inlineRows: number;
  readonly rowsPerChunk: number;
}

export interface Split {
  readonly inline: Rows;
  readonly chunks: readonly {
    readonly url: string;
    readonly rowCount: number;
    readonly uncompressedSize: number;
    readonly compressedSize: number;
  }[];
  /** Query result master key: the driver makes the chunk headers from it. */
  readonly qrmk: string | null;
}

interface Chunk {
  readonly body: Buffer;
  readonly key: string;
}

const keyHeader = 'x-amz-server-side-encryption-customer-key';
const keptBytes = 64 * 1024 * 1024;

export class Chunks {
  readonly #chunks = new Map<string, Chunk>();
  #bytes = 0;
  rules: ChunkRules;

  constructor(rules: ChunkRules) {
    this.rules = rules;
  }

  split(queryId: string, rows: Rows, baseUrl: string): Split {
    const { inlineRows, rowsPerChunk } = this.rules;
    if (rows.length <= inlineRows) return { inline: rows, chunks: [], qrmk: null };
    const key = randomBytes(32).toString('base64');
    const chunks: Split['chunks'][number][] = [];
    for (let start = inlineRows; start < rows.length; start += rowsPerChunk) {
      const part = rows.slice(start, start + rowsPerChunk);
      const text = Buffer.from(JSON.stringify(part).slice(1, -1));
      const body = gzipSync(text);
      const path = `/chunks/${queryId}/${chunks.length}`;
      this.#keep(path, { body, key });
      chunks.push({
        url: `${baseUrl}${path}`,
        rowCount: part.length,
        uncompressedSize: text.length,
        compressedSize: body.length,
      });
    }
    return { inline: rows.slice(0, inlineRows), chunks, qrmk: key };
  }

  /** Null when there is no such chunk or the key is not its own. */
  find(path: string, headers: Readonly<Record<string, unknown>>): Buffer | null {
    const chunk = this.#chunks.get(path);
    return chunk !== undefined && headers[keyHeader] === chunk.key ? chunk.body : null;
  }

  #keep(path: string, chunk: Chunk): void {
    this.#chunks.set(path, chunk);
    this.#bytes += chunk.body.length;
    for (const [oldest, { body }] of this.#chunks) {
      if (this.#bytes <= keptBytes) return;
      this.#chunks.delete(oldest);
      this.#bytes -= body.length;
    }
  }
}
