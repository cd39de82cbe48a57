import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Units } from '../../../contract/usage-record.ts';
import type { UsageFacts } from '../../../gateway/usage/usage-facts.ts';
import { encodings, expectNoMore, loadFixtures, replay, timeless, type Fixture } from './fixture.ts';

const fixtures = loadFixtures();
const named = fixtures.map((fixture) => [fixture.name, fixture] as const);
const streams = named.filter(([, fixture]) => fixture.firstToken !== null);

it('has exchanges of all three providers, each naming where it is written down', () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(119);
  for (const { source } of fixtures) expect(source).toMatch(/https:|\.com|\.dev|@google\/genai|openai|anthropic/);
});

describe.each(named)('%s', (_name, fixture) => {
  it('tells what the bytes say', async () => {
    const { route, facts, parseFailures } = await replay(fixture);
    expect({ ...route, ...facts }).toMatchObject(fixture.expected);
    expect(parseFailures).toBe(0);
    expect(facts.usageFault).toBeNull();
    expect(Units.nullable().parse(facts.units)).toEqual(facts.units);
  });

  it('tells the same in pieces of any size', async () => {
    const whole = timeless((await replay(fixture)).facts);
    for (const size of pieceSizes(fixture)) {
      expect([size, timeless((await replay(fixture, { pieceSize: size })).facts)]).toEqual([size, whole]);
    }
  });

  it('tells the same when cut in two at any byte', async () => {
    const whole = timeless((await replay(fixture)).facts);
    const { length } = fixture.response;
    const step = Math.max(1, Math.ceil(length / 400));
    for (let at = 1; at < length; at += step)
      expect([at, timeless((await replay(fixture, { cuts: [at] })).facts)]).toEqual([at, whole]);
  });

  it('tells the same when cut anywhere', async () => {
    const whole = timeless((await replay(fixture)).facts);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(100_000), { maxLength: 12 }), async (cuts) => {
        expect(timeless((await replay(fixture, { cuts })).facts)).toEqual(whole);
      }),
      { numRuns: 15 },
    );
  });

  it.each(Object.entries(encodings))('tells the same in %s', async (_encoding, encoding) => {
    const whole = timeless((await replay(fixture)).facts);
    for (const cuts of [[], [1, 2, 3, 10, 11, 40], 'every'] as const) {
      const { facts, parseFailures } = await replay(fixture, { encoding, cuts });
      expect(timeless(facts)).toEqual(whole);
      expect(parseFailures).toBe(0);
    }
  });

  it('never tells more than was reported when the response breaks off, at every 97th byte', async () => {
    const whole = (await replay(fixture)).facts;
    for (let upTo = 0; upTo < fixture.response.length; upTo += 97)
      expectNoMore((await replay(fixture, { upTo, complete: false })).facts, whole);
  });

  it('never tells more when a compressed response breaks off, at every 97th byte', async () => {
    const whole = (await replay(fixture)).facts;
    for (const encoding of [encodings.gzip, encodings.br, encodings['zlib deflate'], encodings.zstd]) {
      const { length } = encoding.encode(fixture.response);
      for (let upTo = 0; upTo < length; upTo += 97)
        expectNoMore((await replay(fixture, { encoding, upTo, complete: false })).facts, whole);
    }
  });
});

/** Every size up to 16 bytes, then a tenth more each time. */
function pieceSizes({ response }: Fixture): readonly number[] {
  const sizes: number[] = [];
  for (let size = 1; size < response.length; size += Math.max(1, Math.floor(size / (size < 16 ? 16 : 4))))
    sizes.push(size);
  return sizes;
}

describe.each(streams)('time to first token of %s', (_name, fixture) => {
  it('is the moment of the first generated token, not of the first event', async () => {
    const { facts } = await replay(fixture, { cuts: 'every' });
    const at = fixture.response.indexOf(fixture.firstToken ?? '');
    expect(at).toBeGreaterThan(0);
    expect(facts.ttftMs).toBeGreaterThan(at);
    expect(facts.ttftMs).toBeLessThan(at + 400);
  });

  it('is known while the stream still runs', async () => {
    await replay(fixture, { beforeFinish: (peeked) => expect(peeked.ttftMs).not.toBeNull() });
  });
});

it.each(
  named.filter(([, fixture]) => fixture.firstToken === null && !fixture.responseHeaders.includes('text/event-stream')),
)('%s was not streamed and has no time to first token', async (_name, fixture) => {
  expect((await replay(fixture)).facts.ttftMs).toBeNull();
});

it('keeps no text of any prompt, answer, query or error message', async () => {
  for (const fixture of fixtures) {
    const { nativeUsage: _never, ...facts } = (await replay(fixture)).facts;
    expect(JSON.stringify(facts satisfies Partial<UsageFacts>)).not.toMatch(
      /secret|spät|zwölf|Grüße|quota|exceeded your|Denke|beijing|Ferry|北京/,
    );
  }
});
