/**
 * Every file of the data directory × what can happen to it, alone and in pairs. Whatever it is: no call is ever counted twice, and the totals are
 * right or a check says that something is missing. A gateway of its own process answers, over the copy of a directory in use.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Health } from '../../contract/gateway-api.ts';
import { checkJournal } from '../../gateway/journal/check.ts';
import { Pruner } from '../../gateway/journal/pruning.ts';
import { allCalls, askQuestion, health } from '../helpers/analytics-client.ts';
import { childrenOf } from '../helpers/child-processes.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { waitFor } from '../helpers/wait-for.ts';

const slowMs = 60_000;
const early = 8; // calls of the first run; the older copy ends with them, and the journal has forgotten them since
const late = 4;
const answer = JSON.stringify({
  candidates: [{ content: { parts: [{ text: 'x' }], role: 'model' }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 1_000_000, candidatesTokenCount: 10, totalTokenCount: 1_000_010 },
  modelVersion: 'gemini-2.5-flash',
});

interface Totals {
  readonly calls: number;
  readonly distinct: number;
  readonly costUsd: number | null;
}

let upstream: ScriptedUpstream;
let base: string;
let expected: Totals;
/** Where the gateway ran. A process that it leaves behind still tidies up there, so the cases begin with copies of a copy. */
const live = (): string => join(base, 'live');
const inUse = (): string => join(base, 'in-use');
const older = (): string => join(base, 'older');

const start = (dataDir: string): Promise<TestGateway> =>
  startTestGateway({ dataDir, upstreams: [`gemini=${upstream.url}`], readyMs: slowMs, withoutFile: true });

async function totalsOf(gateway: TestGateway): Promise<Totals> {
  const { calls, costUsd } = (await askQuestion(gateway, 'metrics', 'range=24h')).totals;
  const rows = await allCalls(gateway);
  return { calls, distinct: new Set(rows.map(({ callId }) => callId)).size, costUsd };
}

async function call(gateway: TestGateway, times: number): Promise<void> {
  for (let sent = 0; sent < times; sent += 1) {
    const url = new URL('/gemini/v1beta/models/gemini-2.5-flash:generateContent', gateway.url);
    await (await fetch(url, { method: 'POST', headers: { 'x-goog-api-key': 'AIzaOneKey000000' }, body: '{}' })).text();
  }
}

const untilCalls = (gateway: TestGateway, calls: number): Promise<Totals> =>
  waitFor(
    `${calls} calls`,
    async () => {
      const totals = await totalsOf(gateway);
      return totals.calls === calls && totals;
    },
    slowMs,
  );

/**
 * What a power cut at this moment would leave: the processes are stopped while their files are copied, one after the other. In another process,
 * because closing a file here would drop this process's locks on it.
 */
function copyInUse({ pid, dataDir }: TestGateway, to: string): void {
  const processes = [pid, ...childrenOf(pid).map((child) => child.pid)];
  for (const each of processes) process.kill(each, 'SIGSTOP');
  try {
    const script = 'require("node:fs").cpSync(process.argv[1], process.argv[2], { recursive: true })';
    execFileSync(process.execPath, ['-e', script, dataDir, to]);
  } finally {
    for (const each of processes) process.kill(each, 'SIGCONT');
  }
}

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'aism-damaged-'));
  upstream = await startScriptedUpstream();
  upstream.answer('generateContent', { headers: { 'content-type': 'application/json' }, pieces: [answer] });
  const first = await start(live());
  const put = (path: string, body: unknown): Promise<Response> =>
    first.fetch(path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  await put('/api/thresholds', {
    tz: 'UTC',
    budgets: [{ id: 'b', name: 'B', period: 'day', limitUsd: 10, filter: {} }],
  });
  await put('/api/prices', { overrides: [] });
  await call(first, early);
  await untilCalls(first, early);
  copyInUse(first, older());
  await first.stop();
  forgetDelivered(live());
  const second = await start(live());
  await call(second, late);
  expected = await untilCalls(second, early + late);
  await waitFor('the second run in journal.state', () =>
    readFileSync(join(live(), 'journal.state'), 'utf8').includes(`${early + late}`),
  );
  copyInUse(second, inUse());
  await second.kill9();
}, 180_000);
afterAll(async () => {
  await upstream.stop();
  rmSync(base, { recursive: true, force: true });
});

/** What a journal does with rows that every destination has, once its window has passed. */
function forgetDelivered(dataDir: string): void {
  const database = new Database(join(dataDir, 'journal.db'));
  const pruner = new Pruner(database);
  while (pruner.prune(early, { keepDays: 0 }, Date.now() + 1) > 0);
  database.close();
}

const damages = {
  removed: (path: string) => rmSync(path, { recursive: true, force: true }),
  emptied: (path: string) => truncateSync(path, 0),
  damaged: (path: string) => writeFileSync(path, readFileSync(path).fill(0xa5)),
  /** For the superuser too, as a lost permission is for others. */
  unreadable: (path: string) => {
    rmSync(path);
    mkdirSync(join(path, 'x'), { recursive: true });
  },
  'replaced by an older copy': (path: string, name: string) => {
    const copy = join(older(), name);
    if (existsSync(copy)) writeFileSync(path, readFileSync(copy));
    else rmSync(path);
  },
} as const;
type Damage = keyof typeof damages;
const everyDamage: readonly Damage[] = ['removed', 'emptied', 'damaged', 'unreadable', 'replaced by an older copy'];

const isLoud = ({ checks, status }: Health, dataDir: string): boolean =>
  status !== 'ok' || checks.journal.state !== 'ok' || checks.warehouse.state !== 'ok' || !checkJournal(dataDir).ok;

interface Outcome {
  readonly totals: Totals | null; // null: the database says that it cannot answer
  readonly loud: boolean;
  readonly said: string;
}

/** What a gateway says on a copy with this damage, once it has taken over what it can and is right or says what is missing. */
async function outcomeOf(files: readonly string[], damage: Damage): Promise<Outcome> {
  const dataDir = mkdtempSync(join(base, 'case-'));
  cpSync(inUse(), dataDir, { recursive: true });
  for (const name of files) if (existsSync(join(dataDir, name))) damages[damage](join(dataDir, name), name);
  const gateway = await start(dataDir);
  try {
    return await waitFor(
      `the end of taking over after ${files.join(', ')} ${damage}`,
      () => settled(gateway, dataDir),
      slowMs,
    );
  } finally {
    await gateway.kill9();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function settled(gateway: TestGateway, dataDir: string): Promise<Outcome | null> {
  const now = await health(gateway);
  const { journal, warehouse } = now.checks;
  const said = `${journal.detail} | ${warehouse.detail}`;
  if (warehouse.state === 'down') return { totals: null, loud: true, said };
  if (warehouse.backlogRows > 0 || /^(Opening|Reading|Sending)/.test(warehouse.detail)) return null;
  const outcome = { totals: await totalsOf(gateway), loud: isLoud(now, dataDir), said };
  // A database that has just been opened has not compared itself with the journal yet.
  return isRight(outcome) || outcome.loud ? outcome : null;
}

const isRight = ({ totals }: Outcome): boolean => JSON.stringify(totals) === JSON.stringify(expected);

function expectCountedOnce(outcome: Outcome): void {
  const { totals, loud, said } = outcome;
  expect({ totals, said, ok: isRight(outcome) || loud }).toEqual({ totals, said, ok: true });
  expect(totals?.distinct ?? 0).toBe(totals?.calls ?? 0);
  expect(totals?.calls ?? 0).toBeLessThanOrEqual(expected.calls);
}

const database = ['warehouse.duckdb', 'warehouse.duckdb.wal'];
const recorded = ['install.json', 'journal.db', 'journal.db-wal', 'journal.db-shm', 'journal.state'];

describe('one file', () => {
  it.concurrent.each(recorded.flatMap((name) => everyDamage.map((damage) => [name, damage] as const)))(
    '%s, %s: the totals stay',
    { timeout: 180_000 },
    async (name, damage) => {
      const outcome = await outcomeOf([name], damage);
      expectCountedOnce(outcome);
      expect(outcome.totals).toEqual(expected);
    },
  );

  it.concurrent.each(database.flatMap((name) => everyDamage.map((damage) => [name, damage] as const)))(
    '%s, %s: the totals stay, or what is missing is said',
    { timeout: 180_000 },
    async (name, damage) => expectCountedOnce(await outcomeOf([name], damage)),
  );

  it.concurrent.each(everyDamage)(
    'every other file, all of them %s: the totals stay',
    { timeout: 180_000 },
    async (damage) => {
      const others = readdirSync(inUse()).filter(
        (name) => ![...database, ...recorded, 'gateway.lock', 'logs'].includes(name),
      );
      expect(others).toEqual(
        expect.arrayContaining(['gateway.json', 'journal.reserve', 'prices.json', 'thresholds.json']),
      );
      // Without a readable gateway.json nobody can ask this gateway anything (data-dir.test.ts).
      const files = damage === 'unreadable' ? others.filter((name) => name !== 'gateway.json') : others;
      expect((await outcomeOf(files, damage)).totals).toEqual(expected);
    },
  );
});

describe('two files', () => {
  const pairs = [
    ['install.json', 'journal.db'],
    ['install.json', 'journal.state'],
    ['install.json', 'warehouse.duckdb'],
    ['journal.db', 'journal.state'],
    ['journal.db', 'warehouse.duckdb'],
    ['journal.state', 'warehouse.duckdb'],
  ] as const;
  const cases = pairs.flatMap((pair) =>
    (['removed', 'damaged', 'replaced by an older copy'] as const).map((damage) => [...pair, damage] as const),
  );
  it.concurrent.each(cases)(
    '%s and %s, %s: no call twice, and nothing missing in silence',
    { timeout: 180_000 },
    async (a, b, damage) => expectCountedOnce(await outcomeOf([a, b], damage)),
  );
});
