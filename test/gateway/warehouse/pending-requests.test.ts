import { expect, it } from 'vitest';
import { AppError } from '../../../contract/errors.ts';
import { PendingRequests } from '../../../gateway/warehouse/pending-requests.ts';
import { noRows } from '../../../gateway/warehouse/repricing/tally.ts';

const deadlines = { silentMs: 10_000, totalMs: 60_000, longMs: 600_000 };
const order = { engine: 'duckdb', fromMs: 0, toMs: 1, dryRun: false } as const;

/** Listened to from the start, so that no refusal goes unheard. */
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

it('a request that tells progress is not overdue, and one that stopped telling is', async () => {
  const requests = new PendingRequests();
  const told: number[] = [];
  const work = requests.add(
    { kind: 'reprice', input: order },
    undefined,
    () => undefined,
    ({ rowsSeen }) => {
      told.push(rowsSeen);
    },
  );
  const ended = codeOf(work);
  const [request] = requests.takeUnsent();
  for (let page = 1; page <= 5; page += 1) {
    expect(requests.tick(500_000, 0, deadlines)).toEqual([]);
    requests.progress(request?.id ?? 0, { ...noRows, rowsSeen: page });
  }
  expect(told).toEqual([1, 2, 3, 4, 5]);
  expect(requests.tick(500_000, 0, deadlines)).toEqual([]);
  expect(requests.tick(100_000, 0, deadlines)).toEqual([request?.id]);
  expect(await ended).toBe('timeout');
  requests.progress(request?.id ?? 0, { ...noRows, rowsSeen: 6 });
  expect(told).toHaveLength(5);
});

it('a question has less time than a run over history', async () => {
  const requests = new PendingRequests();
  const question = requests.add(
    { kind: 'findCall', input: { callId: 'x', source: 'duckdb' } },
    undefined,
    () => undefined,
  );
  const ended = codeOf(question);
  const run = requests.add({ kind: 'reprice', input: order }, undefined, () => undefined);
  const [first, second] = requests.takeUnsent();
  expect(requests.tick(60_000, 0, deadlines)).toEqual([first?.id]);
  expect(await ended).toBe('timeout');
  requests.answer(second?.id ?? 0, { ok: true, value: noRows });
  expect(await run).toEqual(noRows);
});
