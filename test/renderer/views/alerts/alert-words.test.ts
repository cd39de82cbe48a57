import { describe, expect, it } from 'vitest';
import {
  alertLook,
  announcement,
  sinceWords,
  snoozeChoices,
  snoozeWords,
} from '../../../../renderer/views/alerts/alert-words.ts';
import { alertsExample } from '../../fixture/watch-asks.ts';

const now = Date.parse('2026-11-24T22:30:00Z');
const state = alertsExample(now);
const [used, warned, over] = state.alerts;

describe('an alert in words', () => {
  it('tells its level by word and shape, and that it has ended', () => {
    expect([used, warned, over].map((alert) => alert && alertLook(alert))).toEqual([
      { label: 'critical', tone: 'bad', shape: 'cross' },
      { label: 'warning', tone: 'warn', shape: 'triangle' },
      { label: 'ended', tone: 'neutral', shape: 'check' },
    ]);
  });

  it('says since when it holds, or how long it held', () => {
    expect(used && sinceWords(used, now)).toBe('since 7 min ago');
    expect(over && sinceWords(over, now)).toBe('ended 24 h ago, held 16 min');
  });

  it('is announced only while it holds', () => {
    expect(announcement(state)).toMatch(/^2 alerts: Budget "Support bot" is used up\. Budget "Research"/);
    expect(announcement({ ...state, alerts: over === undefined ? [] : [over] })).toBe('');
  });
});

describe('snoozing', () => {
  it('offers tomorrow at eight in the shown zone, whatever day it is there now', () => {
    const minutes = (tz: string): number | undefined => snoozeChoices(now, tz)[2]?.minutes;
    expect(minutes('UTC')).toBe(9 * 60 + 30);
    expect(minutes('Asia/Tokyo')).toBe(24 * 60 + 30);
  });

  it('names the day only where it is not today, and says nothing once it is over', () => {
    const until = (snoozedUntil: string | null) => snoozeWords({ ...state, snoozedUntil }, now, 'UTC');
    expect(until('2026-11-24T23:30:00Z')).toBe('Snoozed until 23:30');
    expect(until('2026-11-25T08:00:00Z')).toBe('Snoozed until 25 Nov 08:00');
    expect(until('2026-11-24T22:30:00Z')).toBeNull();
    expect(until(null)).toBeNull();
  });
});
