/** One run at a time, told as it goes: the warehouse here is moved by hand, so that each moment can be looked at. */
import { expect, it } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import type { RepriceInput } from '../../contract/prices.ts';
import { silentLog } from '../../gateway/log.ts';
import { createRepriceJob } from '../../gateway/reprice-job.ts';
import { noRows, type RepriceTally } from '../../gateway/warehouse/repricing/tally.ts';
import type { WarehouseClient } from '../../gateway/warehouse/warehouse-client.ts';
import { startControlServer } from '../helpers/control-server.ts';
import { waitFor } from '../helpers/wait-for.ts';

const input: RepriceInput = {
  from: '2026-11-01T00:00:00Z',
  to: '2026-11-02T00:00:00Z',
  engine: 'duckdb',
  dryRun: false,
};
const tally = (rowsSeen: number, rowsChanged = rowsSeen): RepriceTally => ({
  ...noRows,
  rowsTotal: 10,
  rowsSeen,
  rowsChanged,
  oldNanoUsd: rowsSeen * 1e9,
  newNanoUsd: rowsSeen * 2e9,
});

function scene({ snowflake = false } = {}) {
  const orders: unknown[] = [];
  let move: {
    tell: (now: RepriceTally) => void;
    end: (last: RepriceTally) => void;
    fail: (error: Error) => void;
  } | null = null;
  const carryOut = (_task: unknown, order: unknown, signal?: AbortSignal, tell?: (now: RepriceTally) => void) => {
    orders.push(order);
    return new Promise<RepriceTally>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled')));
      move = { tell: (now) => tell?.(now), end: resolve, fail: reject };
    });
  };
  const warehouse = { carryOut } as unknown as Pick<WarehouseClient, 'carryOut'>; // one task of many, moved by hand
  const job = createRepriceJob({ warehouse, snowflakeConfigured: () => snowflake, log: silentLog() });
  const moves = () => {
    if (move === null) throw new Error('Nothing runs');
    return move;
  };
  return { job, orders, moves };
}

it('a run tells what it looks at while it goes, and what that came to', async () => {
  const { job, orders, moves } = scene();
  expect(job.state()).toMatchObject({ phase: 'idle', input: null, rowsTotal: null, oldCostUsd: null });
  expect(job.start(input)).toMatchObject({ phase: 'running', input, rowsTotal: null });
  expect(orders).toEqual([
    { engine: 'duckdb', fromMs: Date.parse(input.from), toMs: Date.parse(input.to), dryRun: false },
  ]);
  moves().tell(tally(4));
  expect(job.state()).toMatchObject({ phase: 'running', rowsSeen: 4, rowsTotal: 10, oldCostUsd: 4, newCostUsd: 8 });
  moves().end({ ...tally(10, 7), rowsKept: 2, rowsUnreadable: 1 });
  await waitFor('the end', () => job.state().phase === 'done');
  expect(job.state()).toMatchObject({ rowsSeen: 10, rowsChanged: 7, rowsKept: 2 });
  expect(job.state().detail).toBe(
    '7 of 10 calls on this machine changed. 2 keep a price that no list has any more. 1 could not be read and were left as they are.',
  );
});

it('a second run is refused as busy while the first goes on, and 409 over REST', async () => {
  const { job, moves } = scene();
  const server = await startControlServer({ prices: { reprice: job } });
  try {
    job.start(input);
    const refused = await server.get('/api/reprice', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    expect([refused.status, await refused.json()]).toEqual([409, expect.objectContaining({ code: 'busy' })]);
    moves().end(tally(10));
    await waitFor('the end', () => job.state().phase === 'done');
    expect(job.start(input).phase).toBe('running');
  } finally {
    await job.stop();
    await server.stop();
  }
});

it('a cancelled run says what it had changed by then', async () => {
  const { job, moves } = scene();
  job.start(input);
  moves().tell(tally(4));
  job.cancel();
  await waitFor('the end', () => job.state().phase === 'cancelled');
  expect(job.state()).toMatchObject({ rowsSeen: 4, detail: 'Cancelled. 4 of 4 calls on this machine changed.' });
});

it('a failed run says why, and the next one may begin', async () => {
  const { job, moves } = scene();
  job.start(input);
  moves().fail(new AppError('bad_config', 'prices.json, line 2: is not JSON'));
  await waitFor('the end', () => job.state().phase === 'failed');
  expect(job.state().detail).toBe('prices.json, line 2: is not JSON');
  expect(job.start(input).phase).toBe('running');
  await job.stop();
});

it('a run over both goes one after the other and sums them up', async () => {
  const { job, orders, moves } = scene({ snowflake: true });
  job.start({ ...input, engine: 'both', dryRun: true });
  moves().end(tally(10));
  await waitFor('the second', () => orders.length === 2);
  moves().tell(tally(5));
  expect(job.state()).toMatchObject({ phase: 'running', rowsSeen: 15, rowsTotal: 20 });
  moves().end(tally(10, 0));
  await waitFor('the end', () => job.state().phase === 'done');
  expect(job.state().detail).toBe(
    '10 of 10 calls on this machine would change. 0 of 10 calls in Snowflake would change.',
  );
});

it('Snowflake that is not configured, and a range that ends before it begins, are refused at once', () => {
  const { job, orders } = scene();
  const code = (change: Partial<RepriceInput>): unknown => {
    try {
      return job.start({ ...input, ...change }).phase;
    } catch (error) {
      return error instanceof AppError ? [error.code, error.field] : error;
    }
  };
  expect(code({ engine: 'both' })).toEqual(['snowflake_not_configured', 'engine']);
  expect(code({ engine: 'snowflake' })).toEqual(['snowflake_not_configured', 'engine']);
  expect(code({ to: input.from })).toEqual(['bad_request', 'from']);
  expect([orders, job.state().phase]).toEqual([[], 'idle']);
});
