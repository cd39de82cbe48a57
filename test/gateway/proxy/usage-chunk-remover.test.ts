/** The remover on streams of every shape, cut at every kind of place: same bytes out, and only the one chunk gone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageChunkRemover } from '../../../gateway/proxy/usage-chunk-remover.ts';

const lineEnds = ['\n', '\r\n', '\r'] as const;
const usageData = '{"id":"x","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}}';

/** One event as it stands on the wire. */
interface Event {
  readonly text: string;
  /** It is the chunk that the caller did not ask for. */
  readonly isExtra: boolean;
}

const eventOf = (end: string, lines: readonly string[], isExtra = false): Event => ({
  text: `${lines.join(end)}${end}${end}`,
  isExtra,
});

const dataOf: fc.Arbitrary<readonly [data: string, isExtra: boolean]> = fc.oneof(
  fc.constantFrom(
    [usageData, true],
    ['{ "usage" : { "total_tokens" : 1 } , "choices" : [ ] }', true],
    ['{"choices":[],"usage":null}', false],
    ['{"choices":[],"usage":7}', false],
    ['{"choices":[{"delta":{"content":"x"}}],"usage":{"total_tokens":1}}', false],
    ['{"choices":[{"delta":{"content":"\\"choices\\":[] \\"usage\\":{}"}}],"usage":null}', false],
    [`{"choices":[],"usage":{"x":"${'y'.repeat(17_000)}"}}`, false], // longer than the extra chunk ever is
    [`{"choices":[{"delta":{"content":"${'z'.repeat(17_000)}"}}]}`, false],
    ['{"choices":[],"usage":{', false],
    ['[DONE]', false],
    ['', false],
  ),
  fc
    .string({ unit: 'grapheme' })
    .map((content) => [JSON.stringify({ choices: [{ delta: { content } }] }), false] as const),
);

const events: fc.Arbitrary<readonly Event[]> = fc.constantFrom(...lineEnds).chain((end) =>
  fc.array(
    fc
      .tuple(dataOf, fc.constantFrom([], ['event: x'], [': comment', 'id: 7']))
      .map(([[data, isExtra], before]) => eventOf(end, [...before, `data: ${data}`], isExtra)),
    { maxLength: 12 },
  ),
);

/** What the caller gets: all but the first extra chunk. */
function expectedOf(stream: readonly Event[]): string {
  const gone = stream.findIndex(({ isExtra }) => isExtra);
  return stream
    .filter((_event, index) => index !== gone)
    .map(({ text }) => text)
    .join('');
}

/** Feeds `bytes` cut as `sizes` say, in turn. */
function passed(bytes: Buffer, sizes: readonly number[]): Buffer {
  const remover = new UsageChunkRemover();
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    pieces.push(remover.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return Buffer.concat([...pieces, remover.flush()]);
}

describe('any stream, cut anywhere,', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 8 });
  const smallCuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 });

  it('comes out byte for byte, without the extra chunk', () => {
    fc.assert(
      fc.property(events, fc.oneof(cuts, smallCuts), fc.string(), (stream, sizes, tail) => {
        const text = `${stream.map(({ text: event }) => event).join('')}${tail}`;
        const rest = tail.includes('\n') || tail.includes('\r') ? '' : tail; // another line end may end another event
        const bytes = Buffer.from(rest === tail ? text : text.slice(0, text.length - tail.length));
        expect(passed(bytes, sizes).toString()).toBe(`${expectedOf(stream)}${rest}`);
      }),
      { numRuns: 500 },
    );
  });

  it('comes out the same whatever the line ends, also mixed ones', () => {
    const line = fc.tuple(
      fc.constantFrom('', '', 'data: x', `data: ${usageData}`, 'id: 1'),
      fc.constantFrom(...lineEnds),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), cuts, smallCuts, (lines, large, small) => {
        const bytes = Buffer.from(lines.flat().join(''));
        const whole = passed(bytes, [bytes.length + 1]);
        expect(passed(bytes, small).equals(whole)).toBe(true);
        expect(passed(bytes, large).equals(whole)).toBe(true);
        expect(passed(bytes, [1]).equals(whole)).toBe(true);
        expect(bytes.includes(usageData) || whole.equals(bytes)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the bytes that wait', () => {
  it('are at most 16 KB of an event that goes on and on', () => {
    const remover = new UsageChunkRemover();
    let waiting = remover.push(Buffer.from('data: {"choices":[{"delta":{"content":"')).length === 0 ? 39 : 0;
    const piece = Buffer.alloc(65_536, 'a');
    for (let index = 0; index < 800; index += 1) waiting += piece.length - remover.push(piece).length;
    expect(waiting).toBeLessThanOrEqual(16 * 1024);
    expect(remover.flush().length).toBe(waiting);
  });

  it('are none once an event has ended', () => {
    for (const end of lineEnds) {
      const remover = new UsageChunkRemover();
      const event = Buffer.from(`data: [DONE]${end}${end}`);
      expect(remover.push(event).toString()).toBe(event.toString());
    }
  });
});

it('the time grows with the bytes: ten times the events in one piece cost about ten times as much', () => {
  const event = '{"id":"x","choices":[{"index":0,"delta":{"content":"t"}}]}';
  const cost = (count: number, end: string): number => {
    const bytes = Buffer.from(`data: ${event}${end}${end}`.repeat(count));
    const runs = Array.from({ length: 5 }, () => {
      const from = performance.now();
      new UsageChunkRemover().push(bytes);
      return performance.now() - from;
    });
    return Math.min(...runs);
  };
  for (const end of lineEnds) {
    cost(2_000, end); // compiled now
    expect(cost(40_000, end)).toBeLessThan(Math.max(cost(4_000, end), 5) * 40);
  }
});
