import { afterAll, beforeAll, expect, it } from 'vitest';
import { answer } from '../../../gateway/analytics/answer.ts';
import type { DuckDbStore } from '../../../gateway/warehouse/duckdb.ts';
import { generateWarehouse } from '../../helpers/generated-rows.ts';
import { freshDir, openStore, removeDir } from './warehouse-kit.ts';

const rows = 400_000; // above the size from which percentiles come from a sample
const toMs = Date.parse('2026-11-20T00:00:00Z');
const dataDir = freshDir();
let store: DuckDbStore;

beforeAll(async () => {
  await generateWarehouse(dataDir, { rows, toMs, days: 20 });
  store = await openStore(dataDir);
}, 60_000);
afterAll(async () => {
  await store.close();
  removeDir(dataDir);
});

it('percentiles of a large range stay within 1 % rank error', async () => {
  const metrics = await answer(store.warehouse, 'metrics', { range: '30d' }, { now: new Date(toMs + 1) });
  expect(metrics.totals.calls).toBe(rows);
  const latencies = [
    ['duration_ms', 0.5, metrics.durationMs.p50],
    ['duration_ms', 0.95, metrics.durationMs.p95],
    ['duration_ms', 0.99, metrics.durationMs.p99],
    ['ttft_ms', 0.5, metrics.ttftMs.p50],
    ['overhead_ms', 0.99, metrics.overheadMs.p99],
  ] as const;
  for (const [column, fraction, value] of latencies) {
    const [row] = await store.warehouse.query(
      `SELECT COUNT_IF(${column} <= ?) / COUNT(*) AS rank FROM api_usage_metrics`,
      [value],
    );
    expect(Math.abs(Number(row?.['rank']) - fraction)).toBeLessThan(0.01);
  }
});
