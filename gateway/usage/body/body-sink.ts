import type { JsonObject } from '../json-value.ts';

/** One JSON object found in a body: the whole body, or one event of a stream (SSE event, element of a top-level array). */
export interface Found {
  readonly value: JsonObject;
  readonly isEvent: boolean;
  /** SSE `event:` field. */
  readonly name: string | undefined;
  readonly atMs: number;
}

/** Why a body, or part of it, could not be read. */
export type BodyFault = 'unreadable' | 'undecodable' | 'too_large';

/** Takes decoded bytes. Never throws on what it is fed. */
export interface BodySink {
  write(chunk: Buffer, atMs: number): void;
  /** Reads what is there if it is complete; harmless when it is not. */
  attempt(): void;
  /** No more bytes come. */
  settle(): void;
  failures(): number;
  /** The first thing that went wrong. */
  fault(): BodyFault | null;
  /** A body read as one value, which may be given up when it is too long; an endless stream may not. */
  isWhole(): boolean;
}
