import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aheadMs, doubtMs, firstMemory, isFarAhead, look, type ClockMemory } from '../../gateway/trusted-clock.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const noon = Date.parse('2026-11-29T12:00:00Z');
const trusted: ClockMemory = { wallMs: noon, trustedMs: noon, doubtRanMs: null };

/** The clock runs on as it should, looked at every hour. */
function running(memory: ClockMemory, ms: number): ClockMemory {
  let next = memory;
  for (let ran = 0; ran < ms; ran += hourMs) next = look(next, { wallMs: next.wallMs + hourMs, ranMs: hourMs });
  return next;
}
const jumped = (memory: ClockMemory, days: number): ClockMemory =>
  look(memory, { wallMs: memory.wallMs + days * dayMs, ranMs: 0 });

it.each([
  ['runs on', 0],
  ['was not looked at for a night', 0.7],
  ['is corrected by an hour', 1 / 24],
  ['is set back by an hour', -1 / 24],
  ['is set back by a year', -365],
])('a clock that %s is trusted at once', (_, days) => {
  expect(jumped(trusted, days)).toEqual({
    wallMs: noon + days * dayMs,
    trustedMs: noon + days * dayMs,
    doubtRanMs: null,
  });
});

describe.each([
  ['a weekend', 2.7, 24],
  ["three weeks' holiday", 21, 24],
  ['400 days', 400, 7 * 24],
] as const)('a clock that is %s ahead', (_, days, hours) => {
  const ahead = jumped(trusted, days);

  it('is doubted, and the trusted time goes on from where it was', () => {
    expect(ahead).toMatchObject({ trustedMs: noon, doubtRanMs: 0 });
    expect(running(ahead, 5 * hourMs)).toMatchObject({ trustedMs: noon + 5 * hourMs, doubtRanMs: 5 * hourMs });
    expect(isFarAhead(ahead)).toBe(days > 31);
  });

  it(`is believed after it has run on for ${hours} hours, and not before`, () => {
    expect(doubtMs(aheadMs(ahead))).toBe(hours * hourMs);
    expect(running(ahead, (hours - 1) * hourMs).doubtRanMs).not.toBeNull();
    const later = running(ahead, hours * hourMs);
    expect(later).toMatchObject({ trustedMs: later.wallMs, doubtRanMs: null });
  });

  it('is doubted as long in short runs: nights between them count for nothing', () => {
    let memory: ClockMemory = ahead;
    let ran = 0;
    for (; memory.doubtRanMs !== null; ran += 8) memory = jumped(running(memory, 8 * hourMs), 16 / 24);
    expect(ran).toBe(Math.ceil(hours / 8) * 8);
  });

  it('is right again when it is set back', () => {
    expect(jumped(running(ahead, 3 * hourMs), -days)).toMatchObject({ doubtRanMs: null });
  });

  it('is doubted anew when it jumps again', () => {
    expect(jumped(running(ahead, 20 * hourMs), 5)).toMatchObject({ doubtRanMs: 0 });
  });
});

describe('at the first look ever', () => {
  it('the newest stored call says what time it is', () => {
    expect(firstMemory(noon, noon - hourMs)).toEqual(trusted);
    expect(firstMemory(noon, noon - 400 * dayMs)).toEqual({
      wallMs: noon,
      trustedMs: noon - 400 * dayMs,
      doubtRanMs: 0,
    });
  });
  it('a store without calls has nothing to lose', () => expect(firstMemory(noon, null)).toEqual(trusted));
  it('a call of the future is no witness', () => expect(firstMemory(noon, noon + 9 * dayMs)).toEqual(trusted));
});

it('whatever the clock does, time is trusted no faster than it runs, but for steps within a day and after a doubt', () => {
  const steps = fc.array(
    fc.record({
      ranMs: fc.integer({ min: 0, max: 4 * hourMs }),
      jumpMs: fc.integer({ min: -500 * dayMs, max: 500 * dayMs }),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(steps, (moves) => {
      let memory = trusted;
      for (const { ranMs, jumpMs } of moves) {
        const next = look(memory, { wallMs: memory.wallMs + ranMs + jumpMs, ranMs });
        expect(next.trustedMs).toBeLessThanOrEqual(next.wallMs);
        const gained = next.trustedMs - memory.trustedMs - ranMs;
        const wasDoubted = memory.doubtRanMs !== null;
        expect(gained <= dayMs || (wasDoubted && next.doubtRanMs === null)).toBe(true);
        memory = next;
      }
    }),
  );
});
