import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QuestionName } from '../../../contract/analytics.ts';
import { answer } from '../../../gateway/analytics/answer.ts';
import { resolveRange } from '../../../gateway/analytics/range.ts';
import { filledWarehouse, type FilledWarehouse } from './warehouse-kit.ts';

let warehouse: FilledWarehouse;
beforeAll(async () => {
  warehouse = await filledWarehouse([]);
});
afterAll(() => warehouse.close());

const cases: readonly (readonly [QuestionName, unknown, string])[] = [
  ['metrics', { tz: 'Mars/Olympus' }, 'tz'],
  ['metrics', { tz: '' }, 'tz'],
  ['metrics', { range: '3d' }, 'range'],
  ['metrics', { range: '1h', from: '2026-01-01T00:00:00Z' }, 'range'],
  ['metrics', { from: 'yesterday' }, 'from'],
  ['metrics', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'from'],
  ['metrics', { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'from'],
  ['metrics', { from: '2024-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'from'],
  ['metrics', { to: '2026-01-01T00:00:00Z' }, 'from'],
  ['metrics', { filter: { surface: ['telepathy'] } }, 'surface'],
  ['metrics', { filter: { tags: { team: 'blue' } } }, 'tag.team'],
  ['metrics', 'everything', 'query'],
  ['usage', { bucket: '2m' }, 'bucket'],
  ['usage', { range: '90d', bucket: '1m' }, 'bucket'],
  ['usage', { groupBy: 'mood' }, 'groupBy'],
  ['usage', { groupBy: 'tag.' }, 'groupBy'],
  ['usage', { range: '7d', bucket: '15m', groupBy: 'model', groupLimit: 50 }, 'groupLimit'],
  ['models', { limit: 0 }, 'limit'],
  ['calls', { limit: 5001 }, 'limit'],
  ['calls', { search: 'x'.repeat(201) }, 'search'],
];

describe('bad input', () => {
  it.each(cases)('of %s %j names the field %s', async (name, query, field) => {
    await expect(answer(warehouse.store.warehouse, name, query)).rejects.toMatchObject({ code: 'bad_request', field });
  });
});

describe('presets', () => {
  const now = new Date('2026-11-01T12:30:00Z');

  it.each([
    ['24h', 'UTC', '2026-10-31T12:30:00.000Z'],
    ['15m', 'America/New_York', '2026-11-01T12:15:00.000Z'],
    ['today', 'America/New_York', '2026-11-01T04:00:00.000Z'], // summer time still held at midnight
    ['month', 'America/New_York', '2026-11-01T04:00:00.000Z'],
    ['today', 'Asia/Tokyo', '2026-10-31T15:00:00.000Z'],
    ['month', 'Europe/Berlin', '2026-10-31T23:00:00.000Z'],
    ['today', 'Pacific/Kiritimati', '2026-11-01T10:00:00.000Z'],
  ] as const)('%s in %s begins at %s', (range, tz, from) => {
    const resolved = resolveRange({ range, tz, from: undefined, to: undefined }, now);
    expect(new Date(resolved.fromMs).toISOString()).toBe(from);
    expect(resolved.toMs).toBe(now.getTime());
  });

  it('default to the last 24 hours, and from alone ends now', () => {
    expect(resolveRange({ tz: 'UTC', range: undefined, from: undefined, to: undefined }, now).fromMs).toBe(
      now.getTime() - 86_400_000,
    );
    expect(
      resolveRange({ tz: 'UTC', range: undefined, from: '2026-11-01T00:00:00+02:00', to: undefined }, now),
    ).toMatchObject({
      fromMs: Date.parse('2026-10-31T22:00:00Z'),
      toMs: now.getTime(),
    });
  });
});
