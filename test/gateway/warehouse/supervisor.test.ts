import { fork } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WarehouseHealth } from '../../../contract/gateway-api.ts';
import { sampleTag } from '../../../contract/usage-record.ts';
import type { RunningJournal } from '../../../gateway/journal/client.ts';
import type { WarehouseClient } from '../../../gateway/warehouse/warehouse-client.ts';
import { warehousePid } from '../../helpers/child-processes.ts';
import { refusals, unstartable } from '../../helpers/unstartable-programs.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { freshDir, openStore, removeDir } from '../analytics/warehouse-kit.ts';
import { endedCall } from '../journal/journal-kit.ts';
import { openJournal, startTestWarehouse, untilCalls, writeCalls, type Logged } from './supervisor-kit.ts';

let dataDir: string;
let journal: RunningJournal;
let client: (WarehouseClient & { readonly lines: Logged[] }) | null = null;

beforeEach(async () => {
  dataDir = freshDir();
  journal = await openJournal(dataDir);
});
afterEach(async () => {
  await client?.stop();
  client = null;
  await journal.stop();
  removeDir(dataDir);
});

/** Started, open and holding what the journal holds. */
async function started(calls = 20, timing = {}) {
  await writeCalls(journal, calls);
  client = startTestWarehouse(dataDir, timing);
  await untilCalls(client, calls);
  return client;
}

const isWell = ({ state, backlogRows }: WarehouseHealth): boolean => state === 'ok' && backlogRows === 0;

function pidOf(): number {
  const pid = warehousePid(process.pid);
  if (pid === null) throw new Error('No warehouse process');
  return pid;
}

const ended = (pid: number) => () => !existsSync(`/proc/${pid}`);

describe('a process that the system refuses to start', () => {
  it.each(refusals)('is tried again until it starts (%s)', async (reason) => {
    const running = await started(5);
    const program = unstartable(reason, dataDir);
    const node = process.execPath;
    process.execPath = program.path;
    try {
      process.kill(pidOf(), 'SIGKILL');
      await waitFor('two attempts', () => running.health().restarts >= 2);
      await waitFor('why', () => running.health().state === 'down' && running.health().detail.includes(reason));
    } finally {
      process.execPath = node;
      program.release();
    }
    await untilCalls(running, 5);
    expect(running.health().state).toBe('ok');
  });
});

describe('the warehouse process', () => {
  it('delivers what is committed and says how far it is', async () => {
    const seqs: number[] = [];
    const running = await started();
    running.onDelivered((destination, seq) => {
      expect(destination).toBe('duckdb');
      seqs.push(seq);
    });
    journal.onCommitted(() => running.wake());
    await writeCalls(journal, 5, 20);
    await untilCalls(running, 25);
    await waitFor('the report', () => seqs.at(-1) === 25);
    expect(running.health()).toMatchObject({
      state: 'ok',
      backlogRows: 0,
      deliveredSeq: 25,
      parkedRows: 0,
      restarts: 0,
      rebuilt: null,
    });
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  });

  it('passes on which field of a question is wrong', async () => {
    const running = await started();
    await expect(running.ask('metrics', { tz: 'Mars/Olympus' })).rejects.toMatchObject({
      code: 'bad_request',
      field: 'tz',
    });
  });

  it('removes sample rows', async () => {
    await journal.close(endedCall({ tags: { [sampleTag.name]: sampleTag.value } }), 10_000);
    await writeCalls(journal, 3);
    client = startTestWarehouse(dataDir);
    await untilCalls(client, 4);
    expect(await client.removeSample()).toBe(1);
    expect((await client.ask('metrics', { range: '1h' })).totals.calls).toBe(3);
  });

  it('is started again after kill -9 and loses nothing', async () => {
    const running = await started();
    for (let round = 0; round < 2; round += 1) {
      const pid = pidOf();
      process.kill(pid, 'SIGKILL');
      await waitFor('its end', ended(pid));
      await writeCalls(journal, 10, 20 + round * 10);
      await untilCalls(running, 30 + round * 10);
    }
    expect(running.health()).toMatchObject({ state: 'ok', restarts: 2, rebuilt: null });
    expect(running.lines.filter(({ event }) => event === 'WarehouseProcessEnded')).toHaveLength(2);
  });

  it('rejects the questions that a dying process was asked', async () => {
    const running = await started();
    const pid = pidOf();
    process.kill(pid, 'SIGSTOP');
    const asked = running.ask('metrics', {});
    process.kill(pid, 'SIGKILL');
    await expect(asked).rejects.toMatchObject({ code: 'warehouse_unavailable' });
    await untilCalls(running, 20);
  });

  it('fails questions while it is stopped, is shown as degraded, and goes on when it is continued', async () => {
    const running = await started();
    const pid = pidOf();
    process.kill(pid, 'SIGSTOP');
    await expect(running.ask('metrics', {})).rejects.toMatchObject({ code: 'warehouse_unavailable' });
    await waitFor('degraded', () => running.health().state === 'degraded');
    const before = performance.now();
    await expect(running.ask('metrics', {})).rejects.toMatchObject({ code: 'warehouse_unavailable' });
    expect(performance.now() - before).toBeLessThan(500); // known to be silent: no second wait
    await writeCalls(journal, 5, 20);
    process.kill(pid, 'SIGCONT');
    await waitFor('recovery', () => running.health().state === 'ok');
    await untilCalls(running, 25);
    expect(pidOf()).toBe(pid);
    expect(running.health().restarts).toBe(0);
  });

  it('is killed and replaced when it stays silent', async () => {
    const running = await started(20, { hungMs: 3_000 });
    const pid = pidOf();
    process.kill(pid, 'SIGSTOP');
    await waitFor('the kill', ended(pid), 10_000);
    await untilCalls(running, 20);
    expect(running.health().restarts).toBe(1);
  });

  it('ends a question when the caller gives up, whatever the process does', async () => {
    const running = await started();
    const pid = pidOf();
    process.kill(pid, 'SIGSTOP');
    const controller = new AbortController();
    const asked = running.ask('calls', { limit: 5 }, controller.signal);
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    await expect(running.ask('calls', {}, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    process.kill(pid, 'SIGCONT');
    expect((await running.ask('calls', { limit: 5 })).calls).toHaveLength(5);
  });

  it('rebuilds a damaged database from the journal and names the file it set aside', async () => {
    const running = await started();
    await running.stop();
    writeFileSync(join(dataDir, 'warehouse.duckdb'), 'damaged');
    client = startTestWarehouse(dataDir);
    await untilCalls(client, 20);
    const { rebuilt } = client.health();
    expect(readdirSync(dataDir)).toContain(rebuilt);
    expect(client.health()).toMatchObject({ state: 'ok', deliveredSeq: 20, restarts: 0 });
  });

  it(
    'keeps a whole file that ends the process again and again, and copies it when that goes on',
    { timeout: 90_000 },
    async () => {
      const running = await started();
      const rebuilt: (string | null)[] = [];
      for (let crash = 1; crash <= 6; crash += 1) {
        const pid = await waitFor('a process', () => warehousePid(process.pid));
        await waitFor('an open database', () => running.health().state === 'ok', 20_000);
        rebuilt.push(running.health().rebuilt);
        process.kill(pid, 'SIGABRT');
        await waitFor('its end', ended(pid));
      }
      await untilCalls(running, 20);
      expect(running.health().rebuilt).toMatch(/^warehouse\.corrupt-/);
      expect(rebuilt).toEqual(Array.from({ length: 6 }, () => null));
      await waitFor('all rows to be delivered', () => isWell(running.health()), 20_000);
    },
  );

  it('waits for a file that another process holds instead of setting it aside', async () => {
    const holder = await openStore(dataDir);
    client = startTestWarehouse(dataDir);
    const running = client;
    await waitFor('the refusal', () => running.health().state === 'down' && running.health().detail.includes('lock'));
    await holder.close();
    await writeCalls(journal, 4);
    await untilCalls(running, 4);
    expect(running.health().rebuilt).toBeNull();
  });

  it('answers nothing after stop, and leaves no process behind', async () => {
    const running = await started();
    const pid = pidOf();
    await running.stop();
    expect(ended(pid)()).toBe(true);
    await expect(running.ask('metrics', {})).rejects.toMatchObject({ code: 'warehouse_unavailable' });
    expect(running.health().state).toBe('off');
  });

  it('ends when the gateway is killed', async () => {
    const gateway = fork(new URL('supervising-parent.ts', import.meta.url), [dataDir], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const [pid] = await new Promise<unknown[]>((resolve) => gateway.once('message', (...message) => resolve(message)));
    expect(ended(Number(pid))()).toBe(false);
    gateway.kill('SIGKILL');
    await waitFor('the end of the orphan', ended(Number(pid)));
    const store = await openStore(dataDir); // the lock is free
    await store.close();
  });
});
