import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UsageFacts } from '../../../gateway/usage/usage-facts.ts';
import { encodings, loadFixtures, replay, type Fixture } from './fixture.ts';

const fixtures = loadFixtures();
const named = fixtures.map((fixture) => [fixture.name, fixture] as const);
const streams = named.filter(([, fixture]) => fixture.firstToken !== null);

/** Time is which chunk the token came in, so it depends on the cuts; the rest must not. */
const timeless = ({ ttftMs: _ttftMs, ...facts }: UsageFacts): Omit<UsageFacts, 'ttftMs'> => facts;

it('has exchanges of all three providers', () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(45);
});

describe.each(named)('%s', (_name, fixture) => {
  it('tells what the bytes say', async () => {
    const { route, facts, parseFailures } = await replay(fixture);
    expect({ ...route, ...facts }).toMatchObject(fixture.expected);
    expect(parseFailures).toBe(0);
  });

  it('tells the same when every byte comes alone', async () => {
    const whole = await replay(fixture);
    const bytewise = await replay(fixture, { cuts: 'every' });
    expect(timeless(bytewise.facts)).toEqual(timeless(whole.facts));
  });

  it('tells the same when cut anywhere', async () => {
    const whole = timeless((await replay(fixture)).facts);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(100_000), { maxLength: 12 }), async (cuts) => {
        expect(timeless((await replay(fixture, { cuts })).facts)).toEqual(whole);
      }),
      { numRuns: 25 },
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

  it('never tells more than was reported when the response breaks off', async () => {
    const whole = (await replay(fixture)).facts;
    for (let upTo = 0; upTo <= fixture.response.length; upTo += stepFor(fixture)) {
      const { facts } = await replay(fixture, { upTo, complete: false });
      expectNoMore(facts, whole);
    }
  });
});

function stepFor(fixture: Fixture): number {
  return Math.max(1, Math.ceil(fixture.response.length / 300));
}

const counts = [
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'toolInputTokens',
  'outputTokens',
  'reasoningTokens',
  'totalTokens',
] as const;

function expectNoMore(part: UsageFacts, whole: UsageFacts): void {
  const tooMuch = counts.filter((field) => (part[field] ?? 0) > (whole[field] ?? 0));
  expect(tooMuch).toEqual([]);
  const countedWithoutSource = part.usageSource === 'none' ? counts.filter((field) => part[field] !== null) : [];
  expect(countedWithoutSource).toEqual([]);
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

it('keeps no text of any prompt, answer or error message', async () => {
  for (const fixture of fixtures) {
    const { nativeUsage: _never, ...facts } = (await replay(fixture)).facts;
    expect(JSON.stringify(facts)).not.toMatch(/secret|spät|zwölf|Grüße|quota|exceeded your|Denke/);
  }
});
