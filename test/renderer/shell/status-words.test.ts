import { describe, expect, it } from 'vitest';
import { GatewayPhase, type GatewayStatus } from '../../../contract/ipc.ts';
import {
  needsHelp,
  notRecordedWords,
  phaseWords,
  staleWords,
  todayLabel,
  todayNote,
} from '../../../renderer/shell/status-words.ts';

const status: GatewayStatus = {
  phase: 'restarting',
  detail: '',
  url: null,
  live: 'lost',
  liveSince: '2026-11-23T14:02:11.000Z',
  retryInMs: 4000,
  suggestedPort: null,
};

describe('staleWords', () => {
  it('says since when and counts down to the next try', () => {
    expect(staleWords(status, 1000, 1000, 'UTC')).toBe('Stale since 14:02:11, retrying in 4 s');
    expect(staleWords(status, 1000, 4200, 'UTC')).toBe('Stale since 14:02:11, retrying in 1 s');
    expect(staleWords(status, 1000, 9000, 'UTC')).toBe('Stale since 14:02:11, retrying now');
    expect(staleWords({ ...status, live: 'connecting', retryInMs: null }, 0, 0, 'UTC')).toBe(
      'Stale since 14:02:11, connecting',
    );
  });

  it('is silent while connected and during the first connection', () => {
    expect(staleWords({ ...status, live: 'connected' }, 0, 0, 'UTC')).toBeNull();
    expect(staleWords({ ...status, live: 'connecting', phase: 'starting' }, 0, 0, 'UTC')).toBeNull();
  });

  it('promises no retry where there is none', () => {
    expect(staleWords({ ...status, phase: 'failed', retryInMs: null }, 0, 0, 'UTC')).toBe('Stale since 14:02:11');
  });
});

it('says since when the totals of today count while earlier calls are missing', () => {
  expect(todayLabel({ since: null }, 'UTC')).toBe('Today');
  expect(todayNote({ since: null, notRecorded: 0 }, 'UTC')).toBeNull();
  const partial = { since: '2026-11-29T14:05:30.000Z', notRecorded: 0 };
  expect(todayLabel(partial, 'UTC')).toBe('Since 14:05');
  expect(todayLabel(partial, 'Asia/Kolkata')).toBe('Since 19:35');
  expect(todayNote(partial, 'UTC')).toContain('before 14:05');
});

it('says how many of the calls no chart has', () => {
  expect(notRecordedWords({ notRecorded: 0 })).toBeNull();
  expect(notRecordedWords({ notRecorded: 1_577 })).toBe('1,577 not recorded');
  expect(todayNote({ since: null, notRecorded: 1 }, 'UTC')).toContain('missing in charts');
});

it('has words for every phase, and asks for help only when a person can help', () => {
  expect(new Set(GatewayPhase.options.map((phase) => phaseWords(phase).label)).size).toBe(GatewayPhase.options.length);
  expect(needsHelp(status)).toBe(false);
  expect(needsHelp({ ...status, phase: 'failed' })).toBe(true);
  expect(needsHelp({ ...status, suggestedPort: 8788 })).toBe(true);
});
