/** Prices over REST, through a real gateway: the own list and its file, the lines of a cost, and history priced again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PriceExplanation, PricesState, RepriceState, type PriceOverride } from '../../contract/prices.ts';
import { askQuestion, waitForCalls } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { waitFor } from '../helpers/wait-for.ts';

let dataDir: string;
let upstream: ScriptedUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'aism-prices-'));
  upstream = await startScriptedUpstream();
  upstream.answer('generateContent', {
    headers: { 'content-type': 'application/json' },
    pieces: [
      JSON.stringify({
        candidates: [{ content: { parts: [{ text: 'hello' }], role: 'model' }, finishReason: 'STOP' }],
        usageMetadata: {
          promptTokenCount: 1_000,
          cachedContentTokenCount: 400,
          candidatesTokenCount: 60,
          thoughtsTokenCount: 40,
          totalTokenCount: 1_100,
        },
        modelVersion: 'gemini-2.5-flash',
      }),
    ],
  });
  gateway = await startTestGateway({ upstreams: [`gemini=${upstream.url}`], dataDir });
  await call(4);
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function call(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const url = new URL('/gemini/v1beta/models/gemini-2.5-flash:generateContent', gateway.url);
    await (await fetch(url, { method: 'POST', body: '{"contents":[]}' })).text();
  }
  await waitForCalls(gateway, times);
}

const send = (method: string, path: string, body?: unknown): Promise<Response> =>
  gateway.fetch(path, {
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
  });
const state = async (): Promise<PricesState> => PricesState.parse(await (await send('GET', '/api/prices')).json());
const pricesFile = (): string => join(dataDir, 'prices.json');
const own: PriceOverride = {
  provider: 'google',
  model: 'gemini-2.5-*',
  inputPerMillionUsd: 1.5,
  cachedInputPerMillionUsd: 0.25,
  outputPerMillionUsd: 4,
};
/** 600 × $1.50, 400 × $0.25 and 100 × $4 a million. */
const ownUsd = 0.0014;
/** 600 × $0.30, 400 × $0.03 and 100 × $2.50 a million. */
const listUsd = 0.000442;

async function runToEnd(body: object): Promise<RepriceState> {
  const started = await send('POST', '/api/reprice', body);
  expect(started.status).toBe(200);
  expect(RepriceState.parse(await started.json()).phase).toBe('running');
  return waitFor(
    'the end of the run',
    async () => {
      const now = RepriceState.parse(await (await send('GET', '/api/reprice')).json());
      return now.phase !== 'running' && now;
    },
    30_000,
  );
}

const today = (): { readonly from: string; readonly to: string } => ({
  from: new Date(Date.now() - 86_400_000).toISOString(),
  to: new Date(Date.now() + 60_000).toISOString(),
});

describe('own prices over REST', { timeout: 60_000 }, () => {
  it('are none at first, with the lists behind them named', async () => {
    expect(await state()).toEqual({
      overrides: [],
      overridesVersion: null,
      overridesFault: null,
      pricesAsOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      versions: [expect.stringMatching(/^genai-prices@/), expect.stringMatching(/^units@/)],
    });
  });

  it.each([
    ['a negative price', { ...own, inputPerMillionUsd: -1 }, 'overrides.1.inputPerMillionUsd'],
    ['an unknown provider', { ...own, provider: 'acme' }, 'overrides.1.provider'],
    ['a field nobody knows', { ...own, color: 'red' }, 'overrides.1'],
    ['a day that is none', { ...own, from: '2026-02-30' }, 'overrides.1.from'],
    ['an end before its beginning', { ...own, from: '2026-02-02', to: '2026-02-01' }, 'overrides.1.from'],
    ['an input price without an output price', { ...own, outputPerMillionUsd: undefined }, 'overrides.1'],
    ['a unit nobody knows', { ...own, unitsUsd: { smiles: 1 } }, 'overrides.1.unitsUsd'],
  ])('with %s are refused by entry and field, and nothing is written', async (_, entry, field) => {
    const response = await send('PUT', '/api/prices', { overrides: [own, entry] });
    const problem = (await response.json()) as { code: string; field: string; detail: string };
    expect([response.status, problem.code]).toEqual([400, 'bad_request']);
    expect(problem.field.startsWith(field)).toBe(true);
    expect(problem.detail).toContain(problem.field);
    expect(readdirSync(dataDir)).not.toContain('prices.json');
  });

  it('that are no JSON, of another type, or too long are refused', async () => {
    expect((await send('PUT', '/api/prices', '{"overrides":[')).status).toBe(400);
    expect((await gateway.fetch('/api/prices', { method: 'PUT', body: '{}' })).status).toBe(400);
    const long = await send('PUT', '/api/prices', { overrides: [{ ...own, model: 'x'.repeat(9 * 1024 * 1024) }] });
    expect(await long.json()).toMatchObject({ field: 'body', detail: expect.stringMatching(/larger than/) });
    const many = await send('PUT', '/api/prices', { overrides: Array.from({ length: 10_001 }, () => own) });
    expect(await many.json()).toMatchObject({ field: 'overrides' });
  });

  it('are written whole, for their owner alone, and hold for the next call at once', async () => {
    const response = await send('PUT', '/api/prices', { overrides: [own] });
    const saved = PricesState.parse(await response.json());
    expect(saved).toMatchObject({ overrides: [own], overridesVersion: expect.stringMatching(/^prices\.json@/) });
    expect(JSON.parse(readFileSync(pricesFile(), 'utf8'))).toEqual([own]);
    expect(statSync(pricesFile()).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir).filter((name) => name.includes('.tmp'))).toEqual([]);
    expect(await state()).toEqual(saved);
  });

  it('broken by hand are told, the last good ones stay, and saving mends the file', async () => {
    const good = await state();
    writeFileSync(pricesFile(), '[\n  {"provider":\n');
    const told = await waitFor('the fault', async () => {
      const now = await state();
      return now.overridesFault !== null && now;
    });
    expect(told.overrides).toEqual([own]);
    expect(told.overridesFault).toMatch(/prices\.json, line \d/);
    const ended = await runToEnd({ ...today() });
    expect(ended).toMatchObject({ phase: 'failed', rowsChanged: 0, detail: expect.stringMatching(/line \d/) });
    const mended = PricesState.parse(await (await send('PUT', '/api/prices', { overrides: [own] })).json());
    expect(mended).toEqual(good);
  });

  it('want the token', async () => {
    for (const [method, path] of [
      ['GET', '/api/prices'],
      ['PUT', '/api/prices'],
      ['DELETE', '/api/reprice'],
    ] as const)
      expect((await fetch(new URL(path, gateway.url), { method })).status).toBe(401);
  });
});

describe('the cost of a call', { timeout: 60_000 }, () => {
  it('is told line by line, and the lines add up', async () => {
    const [row] = (await askQuestion(gateway, 'calls')).calls;
    const answer = await send('POST', '/api/prices/explain', { callId: row?.callId });
    const { lines, costUsd, differsFromRow } = PriceExplanation.parse(await answer.json());
    expect(lines.map(({ what, count }) => [what, count])).toEqual([
      ['input', 600],
      ['cachedInput', 400],
      ['output', 60],
      ['reasoning', 40],
    ]);
    expect(costUsd).toBe(ownUsd);
    expect(lines.reduce((sum, line) => sum + Math.round(line.costUsd * 1e9), 0)).toBe(ownUsd * 1e9);
    expect([row?.costUsd, differsFromRow]).toEqual([listUsd, true]);
  });

  it('of an unknown call is a 404, and of no call a 400', async () => {
    const unknown = await send('POST', '/api/prices/explain', { callId: '019aa000-0000-7000-8000-000000000000' });
    expect([unknown.status, await unknown.json()]).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
    const none = await send('POST', '/api/prices/explain', { callId: 'x' });
    expect([none.status, await none.json()]).toEqual([400, expect.objectContaining({ field: 'callId' })]);
    const source = { callId: '019aa000-0000-7000-8000-000000000000', source: 'snowflake' };
    const away = await send('POST', '/api/prices/explain', source);
    expect([away.status, await away.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'snowflake_not_configured' }),
    ]);
  });
});

describe('history priced again over REST', { timeout: 60_000 }, () => {
  const totalUsd = async () => (await askQuestion(gateway, 'metrics', 'range=24h')).totals.costUsd;

  it('says in a dry run what it would change', async () => {
    expect(await runToEnd({ ...today(), dryRun: true })).toMatchObject({
      phase: 'done',
      rowsTotal: 4,
      rowsSeen: 4,
      rowsChanged: 4,
      oldCostUsd: 4 * listUsd,
      newCostUsd: 4 * ownUsd,
      detail: expect.stringMatching(/4 of 4 calls on this machine would change/),
    });
    expect(await totalUsd()).toBe(4 * listUsd);
  });

  it('changes the costs that every question sums, and then nothing more', async () => {
    expect(await runToEnd(today())).toMatchObject({ phase: 'done', rowsChanged: 4, newCostUsd: 4 * ownUsd });
    expect(await totalUsd()).toBe(4 * ownUsd);
    const [row] = (await askQuestion(gateway, 'calls')).calls;
    expect(row).toMatchObject({ costUsd: ownUsd, costSource: 'override' });
    const explained = await send('POST', '/api/prices/explain', { callId: row?.callId });
    expect(await explained.json()).toMatchObject({ differsFromRow: false });
    expect(await runToEnd(today())).toMatchObject({ phase: 'done', rowsChanged: 0 });
  });

  it('gives the list price again when the own price is removed', async () => {
    await send('PUT', '/api/prices', { overrides: [] });
    expect(await runToEnd(today())).toMatchObject({ phase: 'done', rowsChanged: 4, newCostUsd: 4 * listUsd });
    expect(await totalUsd()).toBe(4 * listUsd);
  });

  it('has nothing to cancel when nothing runs', async () => {
    const cancelled = await send('DELETE', '/api/reprice');
    expect([cancelled.status, await cancelled.json()]).toEqual([200, expect.objectContaining({ phase: 'done' })]);
  });

  it('names what is wrong with the question', async () => {
    for (const [body, field, status] of [
      [{ to: today().to }, 'from', 400],
      [{ ...today(), from: 'yesterday' }, 'from', 400],
      [{ from: today().to, to: today().from }, 'from', 400],
      [{ ...today(), engine: 'oracle' }, 'engine', 400],
      [{ ...today(), engine: 'both' }, 'engine', 409],
    ] as const) {
      const response = await send('POST', '/api/reprice', body);
      expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ field })]);
    }
  });
});
