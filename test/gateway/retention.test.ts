/** Retention over a real journal and warehouse process. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Retention } from '../../contract/snowflake.ts';
import type { RunningJournal } from '../../gateway/journal/client.ts';
import { silentLog } from '../../gateway/log.ts';
import {
  createRetention,
  type RetentionControl,
  type RetentionOptions,
  type RetentionTimes,
} from '../../gateway/retention.ts';
import type { WarehouseClient } from '../../gateway/warehouse/warehouse-client.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { freshDir, removeDir } from './analytics/warehouse-kit.ts';
import { endedCall } from './journal/journal-kit.ts';
import { openJournal, startTestWarehouse } from './warehouse/supervisor-kit.ts';

const dayMs = 86_400_000;
const forEver: Retention = { localDays: null, snowflakeDays: null };
const patient = { silentMs: 15_000, degradedMs: 20_000 };
const signal = new AbortController().signal;

let dataDir: string;
let journal: RunningJournal;
let client: WarehouseClient;
let retention: RetentionControl | null = null;
let keepDays: number[];
beforeEach(async () => {
  dataDir = freshDir();
  journal = await openJournal(dataDir);
  client = startTestWarehouse(dataDir, patient);
  keepDays = [];
});
afterEach(async () => {
  retention?.stop();
  retention = null;
  await client.stop();
  await journal.stop();
  removeDir(dataDir);
});

/** One call each, so many days ago. */
async function write(daysAgo: readonly number[]): Promise<void> {
  const ended = daysAgo.map((days) => endedCall({ startedAt: new Date(Date.now() - days * dayMs).toISOString() }));
  await Promise.all(ended.map((call) => journal.close(call, 10_000)));
  client.wake();
}
const callsHeld = async (): Promise<number> =>
  (await client.carryOut('previewRetention', { target: 'local', days: 1 })).totalRows;
const untilHeld = (calls: number) => waitFor(`${calls} calls`, async () => (await callsHeld()) === calls, 15_000);

const rightClock: RetentionOptions['clock'] = {
  trustedMs: () => Date.now(),
  doubt: () => null,
  confirm: () => Promise.resolve(),
  onBelieved: () => undefined,
};

function start(fromEnvironment: Retention, times: Partial<RetentionTimes>, clock = rightClock): RetentionControl {
  retention = createRetention({
    fromEnvironment,
    journalKeepDays: 90,
    warehouse: client,
    journal: { setKeepDays: (days) => void keepDays.push(days), lastSeq: () => journal.lastSeq() },
    snowflakeConfigured: () => false,
    clock,
    log: silentLog(),
    times: { lookMs: 20, ...times },
  });
  return retention;
}

describe('retention of the embedded warehouse', () => {
  it('counts what would go before anything goes, and removes exactly that, over empty days too', async () => {
    const control = start(forEver, {});
    await write([400, 200.5, 31, 30.1, 29.9, 1, 0]);
    await untilHeld(7);
    const preview = await control.preview({ target: 'local', days: 30 }, signal);
    expect(preview).toMatchObject({ target: 'local', days: 30, rows: 4, totalRows: 7 });
    expect(Math.abs(Date.parse(preview.oldestAt ?? '') - (Date.now() - 400 * dayMs))).toBeLessThan(60_000);
    expect(await callsHeld()).toBe(7);
    expect(await control.apply({ target: 'local', days: 30 }, signal)).toMatchObject({ deletedRows: 4 });
    expect(await callsHeld()).toBe(3);
    expect(control.state()).toMatchObject({ lastDeletedRows: 4, lastRunAt: expect.any(String), editable: false });
  });

  it('runs by itself, again every so often, and delivers nothing a second time', async () => {
    await write([50, 40, 3]);
    await untilHeld(3);
    start({ localDays: 30, snowflakeDays: null }, { firstMs: 100, everyMs: 500 });
    await untilHeld(1);
    await write([45, 2]);
    await untilHeld(2);
    expect(client.health()).toMatchObject({ state: 'ok', backlogRows: 0, deliveredSeq: 5 });
  });

  it('deletes by the trusted time, and what only a doubted clock calls old when somebody confirms it', async () => {
    await write([200, 60, 3]);
    await untilHeld(3);
    let behindDays = 100;
    const believed: (() => void)[] = [];
    const clock: RetentionOptions['clock'] = {
      trustedMs: () => Date.now() - behindDays * dayMs,
      doubt: () => (behindDays === 0 ? null : 'The clock is 100 days ahead.'),
      confirm() {
        behindDays = 0;
        believed.forEach((tell) => tell());
        return Promise.resolve();
      },
      onBelieved: (listener) => void believed.push(listener),
    };
    const control = start({ localDays: 30, snowflakeDays: null }, { firstMs: 0, everyMs: 3_600_000 }, clock);
    await waitFor('a run', () => control.state().lastRunAt, 15_000);
    expect(control.state()).toMatchObject({ lastDeletedRows: 1, held: 'The clock is 100 days ahead.' });
    expect(await callsHeld()).toBe(2); // that of 200 days is old by either time
    expect(await control.confirmClock()).toMatchObject({ held: null });
    await untilHeld(1);
  });

  it('deletes nothing while no time is trusted, and a person may still delete', async () => {
    await write([60, 3]);
    await untilHeld(2);
    let asked = 0;
    const clock = {
      ...rightClock,
      trustedMs() {
        asked += 1;
        return null;
      },
    };
    const control = start({ localDays: 30, snowflakeDays: null }, { firstMs: 0 }, clock);
    await waitFor('several looks', () => asked > 10);
    expect([control.state().lastRunAt, keepDays]).toEqual([null, []]);
    expect(await control.apply({ target: 'local', days: 30 }, signal)).toMatchObject({ deletedRows: 1 });
  });

  it('keeps for ever when nobody said how long', async () => {
    await write([2_000]);
    await untilHeld(1);
    start(forEver, { firstMs: 0, everyMs: 50 });
    await new Promise((resolve) => setTimeout(resolve, 400)); // several looks, at none of which anything may happen
    expect(await callsHeld()).toBe(1);
  });

  it('runs again at once when the database was rebuilt from the journal', async () => {
    await write([60, 1]);
    await untilHeld(2);
    start({ localDays: 30, snowflakeDays: null }, { firstMs: 50, everyMs: 3_600_000 });
    await untilHeld(1);
    await client.stop();
    retention?.stop();
    rmSync(join(dataDir, 'warehouse.duckdb.wal'), { force: true });
    writeFileSync(join(dataDir, 'warehouse.duckdb'), 'damaged');
    client = startTestWarehouse(dataDir, patient);
    start({ localDays: 30, snowflakeDays: null }, { firstMs: 3_600_000 });
    const rebuilt = await waitFor('the rebuild', () => client.health().rebuilt, 15_000);
    await untilHeld(1);
    expect(rebuilt).toContain('corrupt');
  });

  it('shortens the window of the journal, so that nothing comes back from there', () => {
    const control = start({ localDays: 30, snowflakeDays: null }, {});
    control.configure({ localDays: 7, snowflakeDays: null });
    control.configure({ localDays: 400, snowflakeDays: null });
    control.configure(forEver);
    expect(keepDays).toEqual([30, 7, 90, 30]);
    expect(control.state().retention.localDays).toBe(30);
  });

  it('tries again later when it fails', async () => {
    await write([60]);
    await untilHeld(1);
    await client.stop();
    start({ localDays: 30, snowflakeDays: null }, { firstMs: 0, againMs: 200, everyMs: 3_600_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(retention?.state().lastRunAt).toBeNull();
  });

  it('names Snowflake when it is asked to remove from there and there is none', async () => {
    const control = start(forEver, {});
    await expect(control.preview({ target: 'snowflake', days: 30 }, signal)).rejects.toMatchObject({
      code: 'snowflake_not_configured',
    });
  });
});
