/** kill -9 (P3): what was acknowledged is in the journal exactly once, at random instants and at every named durable step. */
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crashPoints } from '../../../gateway/journal/crash-point.ts';
import { checkJournal } from '../../../gateway/journal/check.ts';
import { journalPath } from '../../../gateway/journal/files.ts';
import { seededRandom } from '../../../gateway/sample/answer-plan.ts';
import { runChild, type Acknowledged, type RunOptions } from './child-runner.ts';
import { damagePage } from './damage.ts';
import { freshDataDir, openCallIds, rawRows, startTestJournal, withFile, type DataDir } from './journal-kit.ts';

const rounds = Number(process.env['AISM_TEST_KILL_ROUNDS'] ?? 30);

let dir: DataDir;
beforeEach(() => {
  dir = freshDataDir();
});
afterEach(() => {
  dir[Symbol.dispose]();
});

async function killRounds(count: number, options: NonNullable<RunOptions['options']>): Promise<Acknowledged[]> {
  const random = seededRandom(11);
  const acknowledged: Acknowledged[] = [];
  for (let round = 0; round < count; round += 1) {
    const run = await runChild(dir.path, { options, kill: random() * 250 });
    expect(run.signal).toBe('SIGKILL');
    acknowledged.push(...run.acknowledged);
  }
  await (await startTestJournal(dir.path)).stop(); // the start after the last kill
  return acknowledged;
}

const missing = (acknowledged: readonly Acknowledged[]): Acknowledged[] => {
  const present = new Set(rawRows(dir.path).map((row) => row.call_id));
  return acknowledged.filter(({ callId }) => !present.has(callId));
};

describe('kill -9 at random instants', () => {
  it(`keeps every acknowledged call once in ${rounds} rounds`, { timeout: 30_000 + rounds * 5000 }, async () => {
    const acknowledged = await killRounds(rounds, { synchronous: 'FULL' });
    const report = checkJournal(dir.path);
    const outcomes = new Map(rawRows(dir.path).map((row) => [row.call_id, String(JSON.parse(row.record).outcome)]));

    expect(missing(acknowledged)).toEqual([]);
    expect(acknowledged.filter(({ callId }) => outcomes.get(callId) !== 'ok')).toEqual([]);
    expect(report).toMatchObject({ ok: true, problems: [], gaps: [], duplicateCalls: [], openRows: 0 });
    expect([...outcomes.values()].filter((outcome) => outcome === 'interrupted').length).toBeGreaterThan(0);
    expect(acknowledged.length).toBeGreaterThan(rounds);
  });

  it(
    'loses acknowledged calls when the journal does not wait for its commit: the test above bites',
    { timeout: 60_000 },
    async () => {
      expect(missing(await killRounds(4, { durable: false })).length).toBeGreaterThan(0);
    },
  );
});

/** How a child comes past each durable step of the journal. */
type Scenario = {
  readonly prepare?: () => Promise<void>;
  readonly options?: RunOptions['options'];
  readonly passes: readonly number[];
};

const load = { calls: 400, workers: 8, synchronous: 'NORMAL' } as const;
const firstRows = async (): Promise<void> => {
  await runChild(dir.path, { options: { ...load, calls: 600 }, kill: null });
};
const killedRun = async (): Promise<void> => {
  await runChild(dir.path, { options: { workers: 64 }, kill: () => openCallIds(dir.path).length > 0 });
};
const damagedFile = async (): Promise<void> => {
  await firstRows();
  damagePage(journalPath(dir.path), 'last-leaf');
};

const scenarios: Readonly<Record<string, Scenario>> = {
  'journal.migration': { passes: [1] },
  'journal.afterMigration': { passes: [1] },
  'journal.beforeRecovery': { prepare: killedRun, passes: [1] },
  'journal.afterRecovery': { prepare: killedRun, passes: [1] },
  'journal.beforeCommit': { passes: [1, 2, 5] },
  'journal.afterCommit': { passes: [1, 2, 5] },
  'journal.beforeSync': { options: { synchronous: 'FULL' }, passes: [1, 2, 5] },
  'journal.checkpoint': { passes: [1] },
  'journal.prune': { prepare: firstRows, options: { keepDays: 0, deliverUpTo: 550 }, passes: [1, 2] },
  'journal.afterPrune': { prepare: firstRows, options: { keepDays: 0, deliverUpTo: 550 }, passes: [1, 2] },
  'journal.quarantine': { prepare: damagedFile, passes: [1] },
  'journal.salvage': { prepare: damagedFile, passes: [1] },
  'journal.afterSalvage': { prepare: damagedFile, passes: [1] },
};

describe('kill -9 at a durable step', () => {
  it('has a scenario for each one the journal names', () => {
    expect(Object.keys(scenarios)).toEqual(crashPoints.filter((point) => point.startsWith('journal.')));
  });

  const cases = Object.entries(scenarios).flatMap(([point, { passes }]) =>
    passes.map((pass) => [point, pass] as const),
  );
  it.each(cases)('survives %s, pass %i', { timeout: 60_000 }, async (point, pass) => {
    const { prepare, options = {} } = scenarios[point] ?? { passes: [] };
    await prepare?.();
    // Of a damaged file nobody knows what can be read before it is tried.
    const known = prepare === damagedFile ? [] : before();
    const run = await runChild(dir.path, {
      options: { ...load, ...options },
      kill: null,
      env: { AISM_CRASH_AT: `${point}:${pass}` },
    });
    expect(run.signal).toBe('SIGKILL');

    await (await startTestJournal(dir.path)).stop();
    const report = checkJournal(dir.path);
    const delivered = options.deliverUpTo ?? 0;
    expect(missing(run.acknowledged.filter(({ seq = 0 }) => seq > delivered))).toEqual([]);
    expect(report).toMatchObject({ problems: [], duplicateCalls: [] });
    expect(openCallIds(dir.path)).toEqual([]);
    expect(missing(known.filter(({ seq = 0 }) => seq > delivered))).toEqual([]);
    expect(report.rows).toBeGreaterThan(prepare === damagedFile ? 500 : -1);
  });
});

function before(): Acknowledged[] {
  if (!existsSync(journalPath(dir.path))) return [];
  return withFile(dir.path, (database) =>
    database
      .prepare<[], { callId: string; seq: number }>('SELECT call_id AS callId, seq FROM calls')
      .all()
      .map((row) => ({ ...row, durable: true })),
  );
}
