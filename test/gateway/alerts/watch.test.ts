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

interface Clock {
  readonly now: () => Date;
  readonly settledMs: () => number | null;
}
const wallClock: Clock = { now: () => new Date(), settledMs: () => null };

async function start(answer: (query: Parameters<AskMetrics>[0]) => Promise<Metrics>, clock = wallClock): Promise<void> {
  thresholds = await openThresholds(join(dataDir, 'thresholds.json'), faults, log);
  const ask: AskMetrics = async (query) => {
    asks += 1;
    running += 1;
    mostAtOnce = Math.max(mostAtOnce, running);
    try {
      return await answer(query);
    } finally {
      running -= 1;
    }
  };
  alerts = await startAlerts({
    path: file(),
    faults,
    thresholds,
    ask,
    onRows: () => () => undefined,
    trustedMs: Date.now,
    log,
    ...clock,
  });
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
  pricedCalls: 1,
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

describe('a budget that is crossed by calls of a period that has ended', () => {
  const midnight = Date.parse('2026-11-30T00:00:00.000Z');
  let nowMs = 0;
  let settledMs: number | null = null;
  let spent: Readonly<Record<string, number>> = {};
  const clock: Clock = { now: () => new Date(nowMs), settledMs: () => settledMs };
  const byDay = (query: Parameters<AskMetrics>[0]): Promise<Metrics> =>
    Promise.resolve(spending(spent[query.from?.slice(0, 10) ?? ''] ?? 0));
  const setDaily = (): Promise<unknown> =>
    thresholds.replace(
      Thresholds.parse({ tz: 'UTC', budgets: [{ id: 'b', name: 'Daily', period: 'day', limitUsd: 10 }] }),
    );
  const checked = async (): Promise<void> => {
    nowMs += 1;
    const at = new Date(nowMs).toISOString();
    await setDaily(); // checks at once
    await waitFor('a check', () => alerts.state().checkedAt === at);
  };
  const titles = (): string[] => alerts.state().alerts.map(({ title }) => title);
  const crossed = 'Budget "Daily" was used up on 29 November 2026';

  beforeEach(() => {
    nowMs = midnight - 40_000;
    settledMs = null;
    spent = {};
  });

  it('is told when its row arrives after the end, once, over a restart too', async () => {
    await start(byDay, clock);
    await checked();
    settledMs = midnight - 30_000; // a call runs since then
    nowMs = midnight + 5_000;
    await checked();
    expect(titles()).toEqual([]);
    expect(alerts.state().budgets).toMatchObject([{ from: '2026-11-30T00:00:00.000Z', spentUsd: 0 }]);
    spent = { '2026-11-29': 62.5 };
    nowMs = midnight + 20_000;
    await checked();
    await waitFor('the alert', () => titles().length === 1);
    expect(alerts.state().alerts).toMatchObject([{ title: crossed, level: 'critical', range: '7d', endedAt: null }]);
    settledMs = nowMs;
    await alerts.stop();
    await start(byDay, clock);
    await checked();
    await checked(); // the day is settled: it is asked for no more
    await waitFor('the end', () => alerts.state().alerts[0]?.endedAt !== null);
    expect(titles()).toEqual([crossed]);
    expect(lines.filter((line) => line === 'AlertFired')).toHaveLength(1);
  });

  it('is told by the next start when the gateway stopped before it could look', async () => {
    await start(byDay, clock);
    settledMs = nowMs;
    await checked();
    await alerts.stop();
    spent = { '2026-11-29': 8.5 };
    nowMs = midnight + 3 * 86_400_000;
    await start(byDay, clock);
    await checked();
    await waitFor('the alert', () => titles().length === 1);
    expect(titles()).toEqual(['Budget "Daily" was at 80 % on 29 November 2026']);
  });

  it('is not looked for again once the day is settled', async () => {
    await start(byDay, clock);
    settledMs = midnight + 1;
    nowMs = midnight + 20_000;
    await checked();
    const before = asks;
    await checked();
    expect(asks - before).toBe(1);
  });
});
