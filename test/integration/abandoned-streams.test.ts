/** What a row says when the client leaves in the middle of a stream: the usage told so far, or with --drain-ms the final one. */
import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UsageRecord } from '../../contract/usage-record.ts';
import { waitForCalls } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { waitFor } from '../helpers/wait-for.ts';

const event = (usageMetadata: object, finishReason?: string): string =>
  `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text: 'word ' }] }, finishReason }], usageMetadata, modelVersion: 'gemini-2.5-flash' })}\n\n`;

let upstream: ScriptedUpstream;
let plain: TestGateway;
let draining: TestGateway;

beforeAll(async () => {
  upstream = await startScriptedUpstream();
  upstream.answer(':streamGenerateContent', {
    headers: { 'content-type': 'text/event-stream' },
    pieces: [
      event({ promptTokenCount: 900, candidatesTokenCount: 3, totalTokenCount: 903 }),
      { pauseMs: 400 },
      event({ promptTokenCount: 900, candidatesTokenCount: 250, totalTokenCount: 1_150 }, 'STOP'),
    ],
  });
  const upstreams = [`gemini=${upstream.url}`];
  [plain, draining] = await Promise.all([
    startTestGateway({ upstreams }),
    startTestGateway({ upstreams, args: ['--drain-ms', '20000'] }),
  ]);
});
afterAll(async () => {
  await Promise.all([plain.stop(), draining.stop()]);
  await upstream.stop();
});

/** Reads the first event and leaves. */
async function abandon(gateway: TestGateway): Promise<UsageRecord> {
  const call = request(`${gateway.url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  call.on('error', () => undefined); // ours: the connection is destroyed below
  call.end('{"contents":[]}');
  const [answer] = await once(call, 'response');
  await once(answer, 'data');
  call.destroy();
  const [row] = await waitForCalls(gateway, 1);
  if (row === undefined) throw new Error('no row');
  return row;
}

test('without a drain the row keeps the usage told so far, and the upstream is let go', async () => {
  const aborts = upstream.aborts();
  const row = await abandon(plain);
  expect(row).toMatchObject({ outcome: 'client_aborted', inputTokens: 900, outputTokens: 3, totalTokens: 903 });
  expect(row.costUsd).not.toBeNull();
  await waitFor('the upstream to be let go', () => upstream.aborts() === aborts + 1);
});

test('with a drain the row has the final usage and its price, and the drain is counted', async () => {
  const aborts = upstream.aborts();
  const row = await abandon(draining);
  expect(row).toMatchObject({
    outcome: 'client_aborted',
    inputTokens: 900,
    outputTokens: 250,
    totalTokens: 1_150,
    finishReason: 'STOP',
    costSource: 'list',
  });
  expect(upstream.aborts()).toBe(aborts);
  expect(await (await draining.fetch('/metrics')).text()).toContain('aism_drains_total{end="complete"} 1');
});
