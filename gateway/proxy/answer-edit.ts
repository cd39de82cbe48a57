/**
 * Takes the usage chunk that only the gateway asked for out of an answer on its way to the client. A compressed answer is decoded, edited and
 * compressed again in the coding the upstream chose: what the client decodes is what it would have got unasked. (The chunk cannot be cut out of
 * the compressed bytes: what follows refers to it, and the checksum at the end counts it.)
 */
import type { Transform } from 'node:stream';
import { codingOf, type Coding } from './content-codings.ts';
import type { RawHeaders } from './exchange.ts';
import { fieldOf } from './headers.ts';
import { UsageChunkRemover } from './usage-chunk-remover.ts';

export interface AnswerEdit {
  /** False = take no more until the target hears `room`. */
  push(chunk: Buffer): boolean;
  /** The target takes more after `write` returned false. */
  room(): void;
  /** Passes on what is left, then calls `done`. */
  finish(done: () => void): void;
  /** The rest is not wanted. */
  discard(): void;
}

export interface EditTarget {
  /** False = wait for {@link AnswerEdit.room}. */
  write(bytes: Buffer): boolean;
  room(): void;
  failed(error: unknown): void;
}

/** The edit for an answer with this head; null for one that is no event stream, or is in a coding we cannot read. */
export function openEdit(head: RawHeaders, target: EditTarget): AnswerEdit | null {
  if (!/^text\/event-stream\b/i.test(fieldOf(head, 'content-type') ?? '')) return null;
  const coding = codingOf(fieldOf(head, 'content-encoding'));
  if (coding === null) return null;
  return coding === 'identity' ? new PlainEdit(target) : new CompressedEdit(coding, target);
}

class PlainEdit implements AnswerEdit {
  readonly #target: EditTarget;
  readonly #remover = new UsageChunkRemover();

  constructor(target: EditTarget) {
    this.#target = target;
  }

  push(chunk: Buffer): boolean {
    return this.#target.write(this.#remover.push(chunk));
  }

  room(): void {
    this.#target.room();
  }

  finish(done: () => void): void {
    this.#target.write(this.#remover.flush());
    done();
  }

  discard(): void {}
}

class CompressedEdit implements AnswerEdit {
  readonly #remover = new UsageChunkRemover();
  readonly #decoder: Transform;
  readonly #encoder: Transform;

  constructor(coding: Coding, target: EditTarget) {
    const decoder = coding.decoder();
    const encoder = coding.encoder();
    this.#decoder = decoder;
    this.#encoder = encoder;
    decoder.on('data', (chunk: Buffer) => {
      const passed = this.#remover.push(chunk);
      if (passed.length > 0 && !encoder.write(passed)) decoder.pause();
    });
    encoder.on('drain', () => decoder.resume());
    encoder.on('data', (chunk: Buffer) => {
      if (!target.write(chunk)) encoder.pause();
    });
    decoder.on('drain', () => target.room());
    decoder.on('end', () => encoder.end(this.#remover.flush()));
    for (const stage of [decoder, encoder]) stage.on('error', (error) => target.failed(error));
  }

  push(chunk: Buffer): boolean {
    return this.#decoder.write(chunk);
  }

  room(): void {
    this.#encoder.resume();
  }

  finish(done: () => void): void {
    this.#encoder.once('end', done);
    this.#decoder.end();
  }

  discard(): void {
    this.#decoder.destroy();
    this.#encoder.destroy();
  }
}
