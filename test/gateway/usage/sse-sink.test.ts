/** Streams of events, cut anywhere: what is found is what a parser of others finds, and a long event is never held. */
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSseSink } from '../../../gateway/usage/body/sse-sink.ts';

interface Seen {
  readonly value: unknown;
  readonly name: string | undefined;
}

const shape = { usage: 'keep', n: 'keep' } as const;

function found(pieces: Iterable<Buffer>): { seen: Seen[]; failures: number } {
  const seen: Seen[] = [];
  const sink = openSseSink({
    shape,
    onFound: ({ value, name }) => seen.push({ value, name }),
    skip: () => false,
    repeats: () => null,
  });
  for (const piece of pieces) sink.write(piece, 0);
  sink.settle();
  return { seen, failures: sink.failures() };
}

function* cut(bytes: Buffer, sizes: readonly number[]): Iterable<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** What eventsource-parser makes of it; events that are JSON objects. */
function expected(text: string): Seen[] {
  const seen: Seen[] = [];
  const parser = createParser({
    onEvent: ({ data, event }) => {
      if (data.startsWith('{')) seen.push({ value: JSON.parse(data), name: event });
    },
  });
  parser.feed(`${text}\n\n`);
  return seen;
}

const line = fc.constantFrom(
  'data: {"n":1}',
  'data:{"n":2,"usage":{"total":3}}',
  'data: {"n":"ü😀"}',
  'event: message_start',
  'event:x',
  ': {"n":4}',
  'id: 7',
  'retry: 10',
  'dataset: {"n":5}',
  'a-field-with-a-very-long-name: {"n":6}',
);
const event = fc
  .record({
    before: fc.array(
      line.filter((text) => !text.startsWith('data:')),
      { maxLength: 2 },
    ),
    data: line,
  })
  .map(({ before, data }) => [...before, data, '']);

describe('a stream cut anywhere', () => {
  it.each(['\n', '\r\n', '\r'])('tells what another parser finds in it, lines ended by %j', (end) => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 10 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
        (events, sizes) => {
          const text = events
            .flat()
            .map((one) => one + end)
            .join('');
          expect(found(cut(Buffer.from(text), sizes)).seen).toEqual(expected(text));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('joins lines of data, takes away one byte order mark, and ends with an event that nobody ended', () => {
    const text = '\ufeffdata: {"n":\ndata: 1}\n\ndata: [DONE]\n\ndata: {"n":2}';
    for (const size of [1, 2, 3, 1000]) {
      const { seen, failures } = found(cut(Buffer.from(text), [size]));
      expect(seen.map(({ value }) => value)).toEqual([{ n: 1 }, { n: 2 }]);
      expect(failures).toBe(0);
    }
  });
});

describe('a long event', () => {
  it('of 80 MB with usage at its end is read without being held', () => {
    const piece = Buffer.alloc(1024 * 1024, 'a');
    function* stream(): Iterable<Buffer> {
      yield Buffer.from('event: completed\ndata: {"image":"');
      for (let index = 0; index < 80; index += 1) yield piece;
      yield Buffer.from('","usage":{"total":7}}\n\ndata: {"n":1}\n\n');
    }
    const { seen, failures } = found(stream());
    expect(seen).toEqual([
      { value: { usage: { total: 7 } }, name: 'completed' },
      { value: { n: 1 }, name: undefined },
    ]);
    expect(failures).toBe(0);
  });

  it('that is no JSON is counted, and the next one is read', () => {
    const { seen, failures } = found([Buffer.from(`data: {"a" ${'x'.repeat(100_000)}\n\ndata: {"n":1}\n\n`)]);
    expect(seen.map(({ value }) => value)).toEqual([{ n: 1 }]);
    expect(failures).toBe(1);
  });
});
