/** A long export out of a real gateway and DuckDB: 200,000 rows in the suite, a million in `npm run test:long`. Linux, for /proc. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExportProgress } from '../../../contract/reports.ts';
import { createGatewayRest } from '../../../main/gateway-rest.ts';
import { exportCsv, type ExportParts } from '../../../main/reports/exports.ts';
import { createRunningExports } from '../../../main/reports/running-exports.ts';
import { createWrittenFiles } from '../../../main/reports/written-files.ts';
import { startTestGateway, type TestGateway } from '../../helpers/gateway-process.ts';
import { generateWarehouse } from '../../helpers/generated-rows.ts';
import { inLongRun } from '../../helpers/long-run.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const rows = inLongRun(1_000_000, 200_000);
let folder = '';
let gateway: TestGateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aism-large-'));
  await generateWarehouse(folder, { rows, toMs: Date.now() - 60_000, days: 5 });
  gateway = await startTestGateway({ dataDir: folder });
  // The warehouse opens a moment after the gateway is ready.
  const opened = async (): Promise<boolean> => (await gateway.fetch('/api/analytics/metrics?range=7d')).ok;
  await waitFor('the warehouse to open', opened, 20_000);
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
});

const rssMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

function parts(path: string, tellProgress: (progress: ExportProgress) => void): ExportParts {
  return {
    rest: createGatewayRest(() => gateway),
    chooseFile: () => Promise.resolve(path),
    tellProgress,
    files: createWrittenFiles(),
    running: createRunningExports(),
  };
}

const asked = { question: 'calls', query: { range: '7d', tz: 'Europe/Berlin' }, id: 'one' } as const;
const staying = new AbortController().signal;

it('an export of everything streams: all rows, memory that does not grow with them', { timeout: 240_000 }, async () => {
  const path = join(folder, 'all.csv');
  const told: ExportProgress[] = [];
  const memory: number[] = [];
  const desk = parts(path, (progress) => {
    told.push(progress);
    memory.push(rssMb(gateway.pid) + process.memoryUsage().rss / 2 ** 20);
  });
  const beganAt = performance.now();
  expect(await exportCsv(desk, asked, staying)).toEqual({ saved: 'file', path, rows });
  const seconds = (performance.now() - beganAt) / 1000;
  expect(told[0]).toEqual({ id: 'one', rows: 0, bytes: 0 });
  expect(told.length).toBeLessThanOrEqual(seconds * 4 + 2);
  expect(told.map((each) => each.rows)).toEqual(told.map((each) => each.rows).toSorted((a, b) => a - b));
  expect((await stat(path)).size).toBeGreaterThan(rows * 300);
  // Heaps grow to their working size in the first 200,000 rows and stay there: seen over a million, of which 450 MB of text are made.
  const warm = memory.slice(Math.ceil(memory.length / 3));
  expect(Math.max(...warm) - (warm[0] ?? 0)).toBeLessThan(inLongRun(80, 200));
  expect(desk.files.has(path)).toBe(true);
});

it('cancelled in the middle it ends within a second, leaves nothing and the gateway reads no further', async () => {
  const path = join(folder, 'cancelled.csv');
  let tell: (progress: ExportProgress) => void = () => undefined;
  const underWay = new Promise<void>((resolve) => {
    tell = (progress) => progress.rows > 10_000 && resolve();
  });
  const desk = parts(path, (progress) => tell(progress));
  const ended = exportCsv(desk, asked, staying);
  await underWay;
  const cancelledAt = performance.now();
  desk.running.cancel('one');
  expect(await ended).toEqual({ saved: 'cancelled', path: null, rows: null });
  expect(performance.now() - cancelledAt).toBeLessThan(1000);
  expect((await readdir(folder)).filter((name) => name.startsWith('cancelled.csv'))).toEqual([]);
  expect(desk.files.has(path)).toBe(false);
});

it('whose page leaves is given up, and a whole smaller list holds every one of its rows', async () => {
  const left = new AbortController();
  const desk = parts(join(folder, 'left.csv'), ({ rows: count }) => count > 5000 && left.abort());
  await expect(exportCsv(desk, asked, left.signal)).rejects.toThrow('abort');
  expect((await readdir(folder)).filter((name) => name.startsWith('left.csv'))).toEqual([]);

  const path = join(folder, 'sessions.csv');
  const sessions = await exportCsv(
    parts(path, () => undefined),
    { ...asked, question: 'sessions' },
    staying,
  );
  expect(sessions.rows).toBe(rows / 50 + 1);
  expect((await readFile(path, 'utf8')).split('\r\n')[1]).toMatch(/,\d{4}-\d\d-\d\dT[\d:.]+\+01:00$/);
});
