import { describe, expect, it } from 'vitest';
import type { SnowflakeHealth } from '../../../../contract/snowflake.ts';
import {
  diskUse,
  duckdbFacts,
  journalFacts,
  retentionFacts,
  snowflakeFacts,
  type StoreFact,
} from '../../../../renderer/views/storage/storage-facts.ts';
import { healthAnswer, snowflakeHealth } from '../../fixture/snowflake-answers.ts';

const nowMs = Date.parse('2026-11-23T12:00:00Z');
const clock = { nowMs, tz: 'UTC' };
const at = (minutes: number): string => new Date(nowMs + minutes * 60_000).toISOString();
const valueOf = (facts: readonly StoreFact[], name: string): string | undefined =>
  facts.find((fact) => fact.name === name)?.value;
const { journal, warehouse } = healthAnswer('idle').checks;

describe('Snowflake', () => {
  const facts = (change: Partial<SnowflakeHealth>): readonly StoreFact[] =>
    snowflakeFacts({ ...snowflakeHealth('idle'), ...change }, clock);

  it('tells how much waits, since when, and when it leaves', () => {
    const waiting = facts({
      backlogRows: 12_411,
      backlogBytes: 6_800_000,
      oldestWaitingAt: at(-52),
      nextDeliveryAt: at(9),
      lastDeliveredAt: at(-3),
    });
    expect(valueOf(waiting, 'Waiting')).toBe('12,411 calls · 6.5 MB');
    expect(valueOf(waiting, 'Lag')).toBe('52 min');
    expect(valueOf(waiting, 'Next delivery')).toBe('in 9 min');
    expect(valueOf(waiting, 'Last delivery')).toBe('3 min ago');
    expect(valueOf(waiting, 'Cost')).toBe('about 1.8 credits a day');
  });

  it('tells that nothing waits without a number that could be doubted', () => {
    const idle = facts({ backlogRows: 0, backlogBytes: 0, oldestWaitingAt: null, nextDeliveryAt: null });
    expect(valueOf(idle, 'Waiting')).toBe('nothing');
    expect(valueOf(idle, 'Lag')).toBe('none');
    expect(valueOf(idle, 'Next delivery')).toBe('when a call ends');
  });

  it('promises no next delivery where none is planned, and never a time in the past', () => {
    expect(valueOf(facts({ nextDeliveryAt: null }), 'Next delivery')).toBe('–');
    expect(valueOf(facts({ nextDeliveryAt: at(-1) }), 'Next delivery')).toBe('now');
    expect(valueOf(facts({ phase: 'sending', nextDeliveryAt: null }), 'Next delivery')).toBe('now');
  });

  it('names how rows are written once that is known, and warns of parked ones', () => {
    expect(valueOf(facts({ protocol: null, lastDeliveredAt: null }), 'Written by')).toBe('–');
    expect(valueOf(facts({ protocol: 'guarded' }), 'Written by')).toBe('guarded insert');
    expect(facts({ parkedRows: 3 }).find(({ name }) => name === 'Parked')).toMatchObject({ value: '3', tone: 'warn' });
    expect(facts({}).find(({ name }) => name === 'Parked')).not.toHaveProperty('tone');
  });
});

it('tells of calls that the embedded warehouse set aside, and that an older gateway does not say', () => {
  const parked = (parkedRows: number | null) =>
    duckdbFacts({ ...warehouse, parkedRows }, clock).find(({ name }) => name === 'Parked');
  expect(parked(0)).toMatchObject({ value: '0' });
  expect(parked(0)).not.toHaveProperty('tone');
  expect(parked(4)).toMatchObject({ value: '4', tone: 'warn' });
  expect(parked(null)).toMatchObject({ value: '–' });
});

it('shows what the journal lost as a fault, and a file that was set aside', () => {
  expect(journalFacts(journal).map(({ name }) => name)).not.toContain('Set aside');
  const damaged = journalFacts({ ...journal, lostRows: 2, quarantined: 'journal.corrupt-1' });
  expect(damaged.find(({ name }) => name === 'Lost')).toMatchObject({ value: '2', tone: 'bad' });
  expect(valueOf(damaged, 'Set aside')).toBe('journal.corrupt-1');
});

it('tells a DuckDB that has not been filled yet from one that is up to date', () => {
  const fresh = duckdbFacts({ ...warehouse, backlogRows: 1, lastDeliveredAt: null }, clock);
  expect([valueOf(fresh, 'Waiting'), valueOf(fresh, 'Last delivery')]).toEqual(['1 call', 'never']);
  expect(valueOf(duckdbFacts(warehouse, clock), 'Waiting')).toBe('nothing');
});

it('measures the disk against the cap and warns where the journal raises its alarm', () => {
  expect(diskUse({ bytes: 256, capBytes: 1024 })).toEqual({ share: 0.25, words: '256 B of 1 KB', tone: 'good' });
  expect(diskUse({ bytes: 820, capBytes: 1024 })).toMatchObject({ tone: 'warn' });
  expect(diskUse({ bytes: 2048, capBytes: 1024 }).share).toBe(1);
});

it('sums up retention, and leaves Snowflake out where there is none', () => {
  const state = {
    retention: { localDays: 90, snowflakeDays: null },
    editable: true,
    lastRunAt: '2026-11-23T03:00:00Z',
    lastDeletedRows: 412,
    held: null,
  };
  expect(retentionFacts(state, true, 'UTC').map(({ value }) => value)).toEqual([
    'kept for 90 days',
    'kept for ever',
    '23 Nov 2026, 03:00 · 412 calls deleted',
  ]);
  expect(retentionFacts({ ...state, lastRunAt: null, lastDeletedRows: null }, false, 'UTC')).toHaveLength(2);
});
