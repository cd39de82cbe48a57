import { describe, expect, it } from 'vitest';
import { isEmptyFilter, matches } from '../../../gateway/live/filter.ts';
import { inFlightCall, usageRecord } from '../../helpers/usage-records.ts';

const record = usageRecord({
  model: 'm1',
  userId: 'ann',
  sessionId: 's',
  keyId: 'k',
  outcome: 'ok',
  tags: { team: 'search' },
});

describe('the filter over calls in memory', () => {
  it.each([
    [{}, true],
    [{ model: ['m1'] }, true],
    [{ model: ['m0', 'm1'] }, true],
    [{ model: ['m0'] }, false],
    [
      {
        model: ['m1'],
        user: ['ann'],
        session: ['s'],
        key: ['k'],
        upstream: ['gemini'],
        provider: ['google'],
        outcome: ['ok'],
      },
      true,
    ],
    [{ model: ['m1'], user: ['bob'] }, false],
    [{ surface: ['chat.completions'] }, false],
    [{ endpoint: ['/v1beta/models/{model}:generateContent'] }, true],
    [{ tags: { team: ['search', 'ads'] } }, true],
    [{ tags: { team: ['ads'] } }, false],
    [{ tags: { env: ['prod'] } }, false],
    [{ model: [] }, false],
  ] as const)('%j lets the call pass: %s', (filter, passes) => {
    expect(matches(structuredClone(filter) as Parameters<typeof matches>[0], record)).toBe(passes);
  });

  it('lets a running call pass a filter on an outcome it does not have yet', () => {
    expect(matches({ outcome: ['ok'] }, inFlightCall())).toBe(true);
    expect(matches({ upstream: ['openai'] }, inFlightCall())).toBe(false);
  });

  it('knows an empty filter', () => {
    expect(isEmptyFilter({})).toBe(true);
    expect(isEmptyFilter({ tags: {} })).toBe(true);
    expect(isEmptyFilter({ model: ['a'] }) || isEmptyFilter({ model: [] })).toBe(false);
  });
});
