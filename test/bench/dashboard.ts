import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { QuestionName } from '../../contract/analytics.ts';
import { answer } from '../../gateway/analytics/answer.ts';
import { openDuckDb } from '../../gateway/warehouse/duckdb.ts';
import { generateWarehouse } from '../helpers/generated-rows.ts';
import type { BenchContext } from './index.ts';
import { quantile, table } from './statistics.ts';

const rows = 1_000_000;
const days = 30;
const asked: readonly (readonly [string, QuestionName, object])[] = [
  ['metrics', 'metrics', {}],
  ['usage by hour', 'usage', { bucket: '1h' }],
  ['usage by day and model', 'usage', { bucket: '1d', groupBy: 'model' }],
  ['models', 'models', {}],
  ['endpoints', 'endpoints', {}],
  ['users', 'users', {}],
  ['sessions', 'sessions', {}],
  ['keys', 'keys', {}],
  ['errors', 'errors', {}],
  ['unmetered', 'unmetered', {}],
  ['limits', 'limits', {}],
  ['calls, newest page', 'calls', { limit: 100 }],
];

/** Every dashboard question over the whole of a generated million rows, and over its last day; the baseline is a bare count of the same rows. */
export async function benchDashboard(context: BenchContext): Promise<void> {
  context.print(`\nDashboard questions on ${rows.toLocaleString('en')} rows in DuckDB (budget ≤ 100 ms p95)`);
  const dataDir = join(context.scratchDir, 'warehouse');
  await mkdir(dataDir);
  const now = new Date();
  await generateWarehouse(dataDir, { rows, toMs: now.getTime(), days });
  const store = await openDuckDb({ dataDir, onLost: (fault, reason) => context.print(`database ${fault}: ${reason}`) });
  try {
    const runs = context.quick ? 5 : 20;
    const baseline = await p95(runs, () =>
      store.warehouse.query('SELECT COUNT(*) AS calls, SUM(duration_ms) AS ms FROM api_usage_metrics', []),
    );
    const lines: string[][] = [['baseline: count and one sum of all rows', baseline.toFixed(0), '', '1.0 ×']];
    for (const [label, name, query] of asked) {
      const whole = await p95(runs, () => answer(store.warehouse, name, { ...query, range: '30d' }, { now }));
      const lastDay = await p95(runs, () => answer(store.warehouse, name, { ...query, range: '24h' }, { now }));
      lines.push([label, whole.toFixed(0), lastDay.toFixed(0), `${(whole / baseline).toFixed(1)} ×`]);
    }
    context.print(table(['question', '30 days p95 ms', '24 h p95 ms', '30 days of baseline'], lines));
  } finally {
    await store.close();
  }
}

async function p95(runs: number, ask: () => Promise<unknown>): Promise<number> {
  await ask();
  const times: number[] = [];
  for (let index = 0; index < runs; index += 1) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  return quantile(times, 0.95);
}
