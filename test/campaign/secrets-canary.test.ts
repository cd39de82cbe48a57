/**
 * P5: unique keys, prompts and completions in every place a client or upstream can put them, then a search of everything the product wrote or
 * said: data directory, logs, WebSocket frames, REST, CSV, Prometheus (FAULTS.md #27). 0 hits.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allCalls, waitForCalls } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { csvPath, everythingSaid, filesUnder, listenLive, type LiveEar } from './places.ts';

const mark = 'CANARY7f3a';
const canary = (place: string) => `${mark}-${place}-${'x'.repeat(16)}`;

let upstream: ScriptedUpstream;
let gateway: TestGateway;
let dataDir: string;
let ear: LiveEar;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'aism-canary-'));
  upstream = await startScriptedUpstream();
  gateway = await startTestGateway({
    upstreams: [
      ...['gemini', 'openai', 'anthropic'].map((name) => `${name}=${upstream.url}`),
      'gone=http://127.0.0.1:9',
    ],
    dataDir,
    env: { AISM_LOG_LEVEL: 'trace' },
  });
  ear = await listenLive(gateway);
});
afterAll(async () => {
  ear.stop();
  await gateway.stop();
  await upstream.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const answerWithSecrets = JSON.stringify({
  candidates: [{ content: { role: 'model', parts: [{ text: canary('completion') }] }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 },
  modelVersion: 'gemini-2.5-flash',
});

/** Each call hides a secret in another place; the last ones end badly, because error paths leak most. */
const calls: readonly (() => Promise<unknown>)[] = [
  () => post('/v1beta/models/gemini-2.5-flash:generateContent', { 'x-goog-api-key': canary('header-key') }),
  () => post(`/v1beta/models/gemini-2.5-flash:generateContent?key=${canary('query-key')}`, {}),
  () =>
    post(
      `/v1beta/models/gemini-2.5-flash:generateContent?access_token=${canary('access-token')}&upload_id=${canary('upload-id')}`,
      {},
    ),
  () =>
    post('/openai/v1/chat/completions', {
      authorization: `Bearer sk-${canary('bearer')}`,
      'api-key': canary('api-key'),
    }),
  () =>
    post('/anthropic/v1/messages', {
      'x-api-key': canary('x-api-key'),
      cookie: `session=${canary('cookie')}`,
      'proxy-authorization': canary('proxy-auth'),
    }),
  () => post(`/openai/v1/error?token=${canary('error-query')}`, { authorization: `Bearer ${canary('error-bearer')}` }),
  () => post(`/openai/v1/malformed?sig=${canary('sig')}`, { authorization: `Bearer ${canary('malformed-bearer')}` }),
  () => post(`/gone/v1/refused?key=${canary('refused-key')}`, { authorization: `Bearer ${canary('refused-bearer')}` }),
  () =>
    post(`/openai/v1/cut?key=${canary('cut-key')}`, { authorization: `Bearer ${canary('cut-bearer')}` }).catch(
      () => undefined,
    ),
];

async function post(path: string, headers: Record<string, string>): Promise<void> {
  const body = JSON.stringify({
    model: 'gpt-4.1',
    messages: [{ role: 'user', content: canary('prompt') }],
    contents: [{ parts: [{ text: canary('prompt') }] }],
  });
  const answer = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  await answer.text();
}

it('keeps no key, prompt, completion, cookie or query value anywhere', { timeout: 60_000 }, async () => {
  upstream.answer('/v1', {
    headers: { 'content-type': 'application/json', 'set-cookie': `sid=${canary('set-cookie')}` },
    pieces: [answerWithSecrets],
  });
  upstream.answer('/v1/error', {
    status: 401,
    pieces: [
      JSON.stringify({
        error: { message: `Incorrect API key provided: ${canary('error-message')}`, code: 'invalid_api_key' },
      }),
    ],
  });
  upstream.answer('/v1/malformed', { pieces: [`{"broken": "${canary('malformed-body')}`] });
  upstream.answer('/v1/cut', { pieces: [canary('cut-body'), 'cut'] });
  for (const call of calls) await call();
  await waitForCalls(gateway, calls.length);
  await waitFor('the calls on the WebSocket', () =>
    ear.frames.join('').includes((JSON.parse(answerWithSecrets) as { modelVersion: string }).modelVersion),
  );

  const said = await everythingSaid(gateway, ear);
  expect([...said].filter(([, text]) => text.includes(mark)).map(([place]) => place)).toEqual([]);
  expect(said.get(csvPath)?.split('\n').length).toBeGreaterThan(calls.length);
  const rows = await allCalls(gateway);
  expect(rows.filter((row) => row.keyId !== null).length).toBeGreaterThanOrEqual(7);
  expect(new Set(rows.map((row) => row.keyId)).size).toBeGreaterThanOrEqual(7);

  const search = () => filesUnder(dataDir).filter((file) => readFileSync(file).includes(mark));
  expect(filesUnder(dataDir).length).toBeGreaterThan(3);
  expect(search()).toEqual([]);
  await gateway.stop();
  expect(search()).toEqual([]);
});
