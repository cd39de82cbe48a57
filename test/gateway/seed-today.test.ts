import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Metrics } from '../../contract/analytics.ts';
import { AppError } from '../../contract/errors.ts';
import type { WarehouseHealth } from '../../contract/gateway-api.ts';
import { answer } from '../../gateway/analytics/answer.ts';
import { startLiveHub } from '../../gateway/live/live-hub.ts';
import { seedToday, type SeedOptions } from '../../gateway/seed-today.ts';
import { generateRows } from '../helpers/generated-rows.ts';
import { goodHealth } from '../helpers/control-server.ts';
import { usageRecord } from '../helpers/usage-records.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { filledWarehouse, type FilledWarehouse } from './analytics/warehouse-kit.ts';

/** Noon, so that there is a day before the start whatever the machine's clock says. */
const noonMs = new Date(2026, 5, 10, 12).getTime();
const morning = generateRows({ count: 40, seed: 22, fromMs: noonMs - 3_600_000, toMs: noonMs - 1_000 });

let warehouse: FilledWarehouse;
let stopping: AbortController;
let nowMs: number;
let health: WarehouseHealth;
let lastSeq: number;
let asked: number;
let failures: number;
let logged: string[];
let hub: ReturnType<typeof startLiveHub>;

beforeEach(async () => {
  warehouse = await filledWarehouse(morning);
  stopping = new AbortController();
  nowMs = noonMs;
  health = { ...goodHealth.checks.warehouse, state: 'ok', deliveredSeq: 0 };
  lastSeq = morning.length;
  asked = 0;
  failures = 0;
  logged = [];
  hub = startLiveHub({ now: () => nowMs });
});
afterEach(async () => {
  stopping.abort();
  hub.stop();
  await warehouse.close();
});

const ask: SeedOptions['ask'] = (name, query) => {
  asked += 1;
  if (asked <= failures) return Promise.reject(new AppError('warehouse_unavailable', 'It is starting.'));
  return answer(warehouse.store.warehouse, name, query);
};

function seeding(): Promise<void> {
  const note = (_: object, message: string) => void logged.push(message);
  return seedToday({
    ask,
    journal: { lastSeq: () => lastSeq },
    warehouse: { health: () => health },
    hub,
    log: { info: note, warn: note } as SeedOptions['log'],
    signal: stopping.signal,
    lookMs: 5,
  });
}

async function expectMorningAnd(calls: number): Promise<void> {
  await waitFor('the whole day', () => hub.realtime().today.since === null);
  const query = { from: new Date(noonMs - 3_600_000).toISOString(), to: new Date(noonMs).toISOString() };
  const { totals }: Metrics = await answer(warehouse.store.warehouse, 'metrics', query);
  expect(hub.realtime().today).toMatchObject({ calls: totals.calls + calls });
}

it('says since when it counts while the warehouse is behind, and has the whole day once it is not', async () => {
  const done = seeding();
  hub.callEnded(usageRecord({ costUsd: 1 }));
  await waitFor('the gap', () => hub.gapOfToday());
  expect(hub.realtime().today).toMatchObject({ calls: 1, since: new Date(noonMs).toISOString() });
  expect(asked).toBe(0);
  health = { ...health, deliveredSeq: morning.length };
  await expectMorningAnd(1);
  stopping.abort();
  await done;
});

it('tries for as long as it takes', async () => {
  failures = 7;
  health = { ...health, deliveredSeq: morning.length };
  void seeding();
  await expectMorningAnd(0);
  expect(asked).toBeGreaterThan(failures);
});

it('does not wait for calls that arrive meanwhile: a busy gateway is never caught up', async () => {
  void seeding();
  lastSeq = morning.length + 1_000;
  health = { ...health, backlogRows: 1_000, deliveredSeq: morning.length };
  await expectMorningAnd(0);
});

it('fills the day again when the clock was set right', async () => {
  health = { ...health, deliveredSeq: morning.length };
  void seeding();
  await expectMorningAnd(0);
  nowMs = new Date(2026, 6, 20, 8).getTime();
  await waitFor('the empty day', () => hub.realtime().today.calls === 0 && hub.realtime().today.since === null);
  nowMs = noonMs + 60_000;
  await expectMorningAnd(0);
});
