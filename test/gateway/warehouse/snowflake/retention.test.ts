import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import {
  applyRetention,
  previewRetention,
  type RetentionProgress,
} from '../../../../gateway/warehouse/snowflake/retention.ts';
import { usageRecord } from '../../../helpers/usage-records.ts';
import { standardNames } from '../../../helpers/snowflake-server/standard-account.ts';
import { deliverFrom, destinationOf, schemaName, setUp, startSnowflake, type TestSnowflake } from './snowflake-kit.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 23, 12);
const facts = `${schemaName}.api_usage_metrics`;

let snowflake: TestSnowflake;
beforeAll(async () => {
  snowflake = await startSnowflake();
  await setUp(snowflake, 'procedure');
}, 30_000);
afterAll(() => snowflake.stop());

let stream = 0;
/** Ten calls a day for each of these ages in days. */
async function fill(ages: readonly number[]): Promise<void> {
  await snowflake.server.rows(`DELETE FROM ${facts}`);
  const streamId = `install:${(stream += 1)}`;
  const rows = ages.flatMap((age, day) =>
    Array.from({ length: 10 }, (_, index) =>
      usageRecord({
        streamId,
        seq: day * 10 + index + 1,
        startedAt: new Date(nowMs - age * dayMs + index * 60_000).toISOString(),
      }),
    ),
  );
  const destination = destinationOf(snowflake.access);
  await deliverFrom(destination, rows);
  await destination.close();
}

const rowsLeft = async (): Promise<number> =>
  Number((await snowflake.server.rows(`SELECT COUNT(*) AS n FROM ${facts}`))[0]?.['N']);
const deletes = (): number => snowflake.server.statementsSeen().filter((seen) => seen.text.startsWith('DELETE')).length;

describe('retention in Snowflake', () => {
  beforeEach(() => fill([400, 399, 120, 31, 30, 29, 1]));

  it('counts before it removes', async () => {
    expect(await previewRetention(openSession, snowflake.access, { days: 30, nowMs })).toEqual({
      target: 'snowflake',
      days: 30,
      before: '2026-10-24T12:00:00.000Z',
      rows: 40,
      totalRows: 70,
      oldestAt: '2025-10-19T12:00:00.000Z',
    });
    expect(await rowsLeft()).toBe(70);
  });

  it('removes exactly what the preview counted, a day at a time, and tells how far it is', async () => {
    const before = deletes();
    const progress: RetentionProgress[] = [];
    const result = await applyRetention(openSession, snowflake.access, {
      days: 30,
      nowMs,
      onProgress: (told) => progress.push(told),
    });
    expect(result).toEqual({ target: 'snowflake', days: 30, before: '2026-10-24T12:00:00.000Z', deletedRows: 40 });
    expect(progress.map((told) => told.deletedRows)).toEqual([10, 20, 30, 40]);
    expect(progress.map((told) => told.doneUntil)).toEqual(progress.map((told) => told.doneUntil).toSorted());
    expect(deletes() - before).toBe(4);
    expect(await rowsLeft()).toBe(30);
    expect(await applyRetention(openSession, snowflake.access, { days: 30, nowMs })).toMatchObject({ deletedRows: 0 });
  });

  it('ends between two days when it is cancelled, and keeps what is done', async () => {
    const controller = new AbortController();
    const work = applyRetention(openSession, snowflake.access, {
      days: 30,
      nowMs,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(work).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await rowsLeft()).toBe(60);
  });

  it('says whose turn it is when the role may not delete', async () => {
    const { administrator } = snowflake.server;
    administrator.revoke(standardNames.role, 'table', facts);
    for (const privilege of ['select', 'insert']) administrator.grant(standardNames.role, privilege, 'table', facts);
    try {
      await expect(applyRetention(openSession, snowflake.access, { days: 30, nowMs })).rejects.toMatchObject({
        kind: 'privileges',
        message: expect.stringContaining('may not delete'),
        fix: expect.stringMatching(/administrator/),
      });
      expect(await rowsLeft()).toBe(70);
    } finally {
      administrator.grant(standardNames.role, 'ownership', 'table', facts);
    }
  });

  it('has nothing to say about an empty table', async () => {
    await snowflake.server.rows(`DELETE FROM ${facts}`);
    expect(await previewRetention(openSession, snowflake.access, { days: 1, nowMs })).toMatchObject({
      rows: 0,
      totalRows: 0,
      oldestAt: null,
    });
  });
});
