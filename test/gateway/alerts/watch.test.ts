/** The loop around the pure core, with a warehouse that the test makes fail and hesitate; files are real. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Metrics } from '../../../contract/analytics.ts';
import { AppError } from '../../../contract/errors.ts';
import { Thresholds, type AlertsState } from '../../../contract/thresholds.ts';
import { startAlerts, type Alerts } from '../../../gateway/alerts/alerts.ts';
import type { AskMetrics } from '../../../gateway/alerts/measure.ts';
import { createFileFaults } from '../../../gateway/file-faults.ts';
import { openThresholds, type ThresholdsStore } from '../../../gateway/thresholds/thresholds.ts';
import { waitFor } from '../../helpers/wait-for.ts';

let dataDir: string;
let alerts: Alerts;
let thresholds: ThresholdsStore;
let asks = 0;
let running = 0;
let mostAtOnce = 0;
const lines: string[] = [];
const log = {
  info: (_fields: object, message: string) => void lines.push(message),
  warn: (_fields: object, message: string) => void lines.push(message),
};

const faults = createFileFaults();

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'aism-watch-'));
  lines.length = 0;
  [asks, running, mostAtOnce] = [0, 0, 0];
});
afterEach(async () => {
  await alerts.stop();
  thresholds.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const file = (): string => join(dataDir, 'alerts.json');

async function start(answer: () => Promise<Metrics>): Promise<void> {
  thresholds = await openThresholds(join(dataDir, 'thresholds.json'), faults, log);
  const ask: AskMetrics = async () => {
    asks += 1;
    running += 1;
    mostAtOnce = Math.max(mostAtOnce, running);
    try {
      return await answer();
    } finally {
      running -= 1;
    }
  };
  alerts = await startAlerts({ path: file(), faults, thresholds, ask, onRows: () => () => undefined, log });
}

const totals = {
  calls: 1,
  generations: 1,
  succeeded: 1,
  failed: 0,
  successRate: 1,
  inputTokens: 1,
  outputTokens: 1,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  totalTokens: 2,
  unpricedCalls: 0,
  mismatchedCalls: 0,
};
const spending = (costUsd: number): Metrics =>
  Metrics.parse({
    range: { from: '2026-11-24T00:00:00Z', to: '2026-11-24T10:00:00Z', tz: 'UTC' },
    totals: { ...totals, costUsd },
    durationMs: { avg: 1, p50: 1, p95: 1, p99: 1 },
    ttftMs: { p50: null, p95: null },
    overheadMs: { p50: null, p99: null },
    previous: null,
  });
const setBudget = (limitUsd: number) =>
  thresholds.replace(Thresholds.parse({ budgets: [{ id: 'b', name: 'B', period: 'day', limitUsd }] }));

describe('the watch', () => {
  it('checks a changed set at once, never two at a time, and ends with the newest', async () => {
    const saved = Promise.withResolvers<void>();
    await start(async () => {
      await saved.promise; // the first check is still under way when the last set is in use
      return spending(5);
    });
    await Promise.all([setBudget(100), setBudget(50), setBudget(20)]);
    saved.resolve();
    await waitFor('the newest limit', () => alerts.state().budgets[0]?.budget.limitUsd === 20);
    expect(mostAtOnce).toBe(1);
    expect(asks).toBe(2); // of the first set, and of what had replaced it by then
  });

  it('changes nothing while the warehouse fails, and goes on when it answers', async () => {
    let down = true;
    await start(() =>
      down ? Promise.reject(new AppError('warehouse_unavailable', 'Away.')) : Promise.resolve(spending(10)),
    );
    await setBudget(10);
    await waitFor('an attempt', () => asks > 0);
    expect(alerts.state()).toEqual({ alerts: [], budgets: [], snoozedUntil: null, checkedAt: null });
    down = false;
    await waitFor('an alert', () => alerts.state().alerts.length === 1);
    expect(lines).toContain('AlertFired');
  });

  it('tells listeners of what changed, after it is on disk', async () => {
    await start(() => Promise.resolve(spending(9)));
    const told: AlertsState[] = [];
    alerts.onChange((state) => {
      expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ alerts: state.alerts });
      told.push(state);
    });
    await setBudget(10);
    await waitFor('news', () => told.length === 1);
    await setBudget(10); // checked again, nothing new
    await alerts.snooze(5);
    expect(told).toHaveLength(2);
    expect(told[1]?.snoozedUntil).not.toBeNull();
  });

  it('sets a damaged memory aside and begins anew', async () => {
    writeFileSync(file(), '{"alerts": 7}');
    await start(() => Promise.resolve(spending(1)));
    expect(lines).toContain('DamagedFileSetAside');
    expect(readdirSync(dataDir)).toEqual([expect.stringMatching(/^alerts\.damaged-.+\.json$/)]);
    expect(alerts.state().alerts).toEqual([]);
  });
});
