import { describe, expect, it } from 'vitest';
import { createBackOff } from '../../../gateway/delivery/back-off.ts';
import { createPacer, type Clock } from '../../../gateway/delivery/pace.ts';

const minute = 60_000;
const pace = { maxRows: 100, maxBytes: 1_000_000, intervalMs: 15 * minute };

/** A clock that stands still until it is moved; `random` 0 means the full interval. */
function clockAt(wallMs: number, random = 0): Clock & { pass(ms: number): void; setWall(ms: number): void } {
  let wall = wallMs;
  let monotonic = 1_000;
  return {
    wallMs: () => wall,
    monotonicMs: () => monotonic,
    random: () => random,
    pass: (ms) => {
      wall += ms;
      monotonic += ms;
    },
    setWall: (ms) => {
      wall = ms;
    },
  };
}

const start = Date.parse('2026-11-23T12:00:00Z');

describe('a pace', () => {
  it('lets rows leave at so many rows, at so many bytes, or so long after the first one began', () => {
    const clock = clockAt(start);
    const pacer = createPacer(pace, clock);
    expect(pacer.dueInMs({ rows: 100, bytes: 10, oldestStartedMs: start })).toBe(0);
    expect(pacer.dueInMs({ rows: 5, bytes: 1_000_000, oldestStartedMs: start })).toBe(0);
    expect(pacer.dueInMs({ rows: 5, bytes: 10, oldestStartedMs: start - 4 * minute })).toBe(11 * minute);
    clock.pass(11 * minute);
    expect(pacer.dueInMs({ rows: 5, bytes: 10, oldestStartedMs: start - 4 * minute })).toBe(0);
  });

  it('counts the next interval from the row that waits first after a delivery', () => {
    const clock = clockAt(start);
    const pacer = createPacer(pace, clock);
    pacer.dueInMs({ rows: 1, bytes: 10, oldestStartedMs: start });
    clock.pass(20 * minute);
    pacer.emptied();
    expect(pacer.dueInMs({ rows: 1, bytes: 10, oldestStartedMs: start + 20 * minute })).toBe(15 * minute);
  });

  it('keeps rows no longer than one interval when the clock is put back a day', () => {
    const clock = clockAt(start);
    const pacer = createPacer(pace, clock);
    const waiting = { rows: 1, bytes: 10, oldestStartedMs: start };
    expect(pacer.dueInMs(waiting)).toBe(15 * minute);
    clock.setWall(start - 24 * 60 * minute);
    clock.pass(10 * minute);
    expect(pacer.dueInMs(waiting)).toBe(5 * minute);
  });

  it('shortens the interval by up to a tenth, so that installs do not stay in step', () => {
    const waiting = { rows: 1, bytes: 10, oldestStartedMs: start };
    expect(createPacer(pace, clockAt(start, 1)).dueInMs(waiting)).toBe(13.5 * minute);
    const drawn = Array.from({ length: 20 }, () =>
      createPacer(pace, { ...clockAt(start), random: Math.random }).dueInMs(waiting),
    );
    expect(new Set(drawn).size).toBeGreaterThan(10);
    expect(drawn.every((ms) => ms > 13.5 * minute && ms <= 15 * minute)).toBe(true);
  });

  it('moves a gap of removed rows along with the interval although no row says when it began', () => {
    const clock = clockAt(start);
    const pacer = createPacer(pace, clock);
    expect(pacer.dueInMs({ rows: 7, bytes: 0, oldestStartedMs: null })).toBe(15 * minute);
    clock.pass(15 * minute);
    expect(pacer.dueInMs({ rows: 7, bytes: 0, oldestStartedMs: null })).toBe(0);
  });
});

describe('a back-off', () => {
  it('doubles up to its longest wait and begins again after a reset', () => {
    const backOff = createBackOff(1_000, 30_000, { random: () => 0 });
    expect(Array.from({ length: 7 }, () => backOff.next())).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    backOff.reset();
    expect(backOff.next()).toBe(1_000);
    expect(backOff.longest()).toBe(30_000);
    expect(backOff.next()).toBe(30_000);
  });

  it('never waits less than its spread allows', () => {
    const backOff = createBackOff(33_000, 33_000, { spread: 1 / 11 });
    const waits = Array.from({ length: 200 }, () => backOff.next());
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(33_000);
  });
});
