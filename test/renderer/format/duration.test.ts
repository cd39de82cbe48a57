import { describe, expect, it } from 'vitest';
import { formatAgo, formatDuration, formatElapsed, formatSpan } from '../../../renderer/format/duration.ts';

const hour = 3_600_000;

describe('formatDuration', () => {
  it.each([
    [null, '–'],
    [0, '0 ms'],
    [0.42, '0.4 ms'],
    [412.4, '412 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [1240, '1.24 s'],
    [9_996, '10.0 s'],
    [12_440, '12.4 s'],
    [59_960, '1 m 00 s'],
    [125_000, '2 m 05 s'],
    [3_725_000, '1 h 02 m'],
  ])('writes %s ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

it('counts the seconds of a running call and never below zero', () => {
  expect([-200, 900, 3400, 61_000].map(formatElapsed)).toEqual(['0 s', '0 s', '3 s', '1 m 01 s']);
});

describe('formatSpan', () => {
  it.each([
    [15 * 60_000, '15 min'],
    [24 * hour, '24 h'],
    [3 * hour + 20 * 60_000, '3 h 20 min'],
    [7 * 24 * hour, '7 days'],
    [7 * 24 * hour - hour, '7 days'],
    [60 * hour, '2.5 days'],
    [20_000, '20 s'],
  ])('writes %d ms as %s', (ms, text) => expect(formatSpan(ms)).toBe(text));
});

describe('formatAgo', () => {
  it.each([
    [500, 'just now'],
    [12_000, '12 s ago'],
    [3 * 60_000, '3 min ago'],
    [26 * hour, '26 h ago'],
    [72 * hour, '3 d ago'],
  ])('writes %d ms as %s', (ms, text) => expect(formatAgo(ms)).toBe(text));
});
