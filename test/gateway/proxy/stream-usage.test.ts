/** OpenAI's stream usage: asked for on behalf of a caller who did not, and taken out again (P1 names this exception). */
import OpenAI from 'openai';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askingForUsage } from '../../../gateway/proxy/stream-usage.ts';
import { UsageChunkRemover } from '../../../gateway/proxy/usage-chunk-remover.ts';
import { startTestProxy, type TestProxy } from '../../helpers/proxy-server.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../../helpers/scripted-upstream.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const chunk = (choices: unknown, usage: unknown): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-5-mini', choices, usage })}\n\n`;
const delta = (content: string): string => chunk([{ index: 0, delta: { content }, finish_reason: null }], null);
const answerStart = `${delta('Hel')}${delta('lo "usage":{} \\n\\n data: ')}`;
const usageChunk = chunk([], { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 });
const done = 'data: [DONE]\n\n';
const whole = `${answerStart}${usageChunk}${done}`;

let upstream: ScriptedUpstream;
let proxy: TestProxy;
const eventStream = { 'content-type': 'text/event-stream; charset=utf-8' };

async function start(includeStreamUsage = true): Promise<void> {
  const origin = new URL(upstream.url);
  proxy = await startTestProxy([{ name: 'openai', provider: 'openai', origin }], { config: { includeStreamUsage } });
}

beforeEach(async () => {
  upstream = await startScriptedUpstream();
  upstream.answer('/completions', { headers: eventStream, pieces: [whole] });
});
afterEach(async () => {
  await proxy.stop();
  await upstream.stop();
});

async function post(body: string | Buffer, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${proxy.port}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return response.text();
}

const sentBody = (): string => upstream.received.at(-1)?.body.toString() ?? '';

describe('a stream whose caller did not ask for usage', () => {
  test('gets every byte but the extra chunk, while the observer sees the usage', async () => {
    await start();
    expect(await post('{"model":"gpt-5-mini","stream":true}')).toBe(`${answerStart}${done}`);
    expect(sentBody()).toBe('{"stream_options":{"include_usage":true},"model":"gpt-5-mini","stream":true}');
    expect(Buffer.concat(proxy.exchanges[0]?.responseChunks ?? []).toString()).toBe(whole);
    expect(Buffer.concat(proxy.exchanges[0]?.requestChunks ?? []).toString()).toBe(
      '{"model":"gpt-5-mini","stream":true}',
    );
  });

  test('is asked for with every header as it was but the length of the body', async () => {
    await start();
    await post('{"stream":true}', { 'Accept-Encoding': 'gzip', 'X-Odd': 'KePt' });
    const headers = upstream.received[0]?.rawHeaders ?? [];
    const value = (name: string): string | undefined =>
      headers[headers.findIndex((each) => each.toLowerCase() === name) + 1];
    expect(value('accept-encoding')).toBe('gzip');
    expect(value('x-odd')).toBe('KePt');
    expect(Number(value('content-length'))).toBe(sentBody().length);
  });

  test('is what the official client expects', async () => {
    await start();
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: `http://127.0.0.1:${proxy.port}/openai/v1` });
    const stream = await client.chat.completions.create({ model: 'gpt-5-mini', stream: true, messages: [] });
    const seen = [];
    for await (const part of stream) seen.push(part.choices.length);
    expect(seen).toEqual([1, 1]);
  });

  test('in a chunked request is asked for as well', async () => {
    await start();
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
      const call = request(
        { port: proxy.port, method: 'POST', path: '/openai/v1/chat/completions', headers },
        (response) => {
          let body = '';
          response.on('data', (part) => (body += String(part))).on('end', () => resolve(body));
        },
      ).on('error', reject);
      call.write('{"stream"');
      call.end(':true}');
    });
    expect(text).toBe(`${answerStart}${done}`);
    expect(sentBody()).toBe('{"stream_options":{"include_usage":true},"stream":true}');
  });
});

describe('nothing changes', () => {
  const untouched = [
    ['a caller who asked', '{"stream":true,"stream_options":{"include_usage":true}}'],
    ['a call without a stream', '{"stream":false}'],
    ['a body that is not JSON', '{"stream":true'],
    ['a caller who wants no usage', '{"stream":true,"stream_options":{"include_usage":false}}'],
    ['a caller who says null', '{"stream":true,"stream_options":null}'],
    ['a caller with options of their own', '{"stream":true,"stream_options":{"include_obfuscation":false}}'],
    ['options of another type', '{"stream":true,"stream_options":7}'],
    ['a nested stream', '{"metadata":{"stream":true}}'],
  ] as const;
  test.each(untouched)('for %s', async (_name, body) => {
    await start();
    expect(await post(body)).toBe(whole);
    expect(sentBody()).toBe(body);
  });

  test.each([
    ['that is signed', { authorization: 'AWS4-HMAC-SHA256 Credential=x' }],
    ['whose body has a digest', { 'content-digest': 'sha-256=:x:' }],
    ['that takes codings we do not know', { 'accept-encoding': 'gzip, dcb' }],
  ])('for a request %s', async (_name, headers) => {
    await start();
    expect(await post('{"stream":true}', headers)).toBe(whole);
    expect(sentBody()).toBe('{"stream":true}');
  });

  test('for a compressed request', async () => {
    await start();
    const body = gzipSync('{"stream":true}');
    expect(await post(body, { 'content-encoding': 'gzip' })).toBe(whole);
    expect(upstream.received[0]?.body.equals(body)).toBe(true);
  });

  test('for a body of more than a megabyte', async () => {
    await start();
    const body = `{"stream":true,"messages":"${'x'.repeat(1_100_000)}"}`;
    expect(await post(body)).toBe(whole);
    expect(sentBody()).toBe(body);
  });

  test('for a chunked body of more than a megabyte, which is found out while it is read', async () => {
    await start();
    const body = `{"stream":true,"messages":"${'x'.repeat(2_500_000)}"}`;
    const stream = new Blob([body]).stream();
    const response = await fetch(`http://127.0.0.1:${proxy.port}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: stream,
      duplex: 'half',
    });
    expect(await response.text()).toBe(whole);
    expect(sentBody()).toBe(body);
    expect(Buffer.concat(proxy.exchanges[0]?.requestChunks ?? []).toString()).toBe(body);
  });

  test('when it is switched off', async () => {
    await start(false);
    expect(await post('{"stream":true}')).toBe(whole);
    expect(sentBody()).toBe('{"stream":true}');
  });
});

test('a client that leaves while its body is read has its row, and the upstream hears nothing', async () => {
  await start();
  const headers = { 'content-type': 'application/json', 'content-length': '1000' };
  const call = request({ port: proxy.port, method: 'POST', path: '/openai/v1/chat/completions', headers });
  call.on('error', () => undefined);
  call.write('{"stream":true,');
  await waitFor('the call to be read', () => proxy.proxy.inFlight() === 1);
  call.destroy();
  await waitFor('its end', () => proxy.exchanges[0]?.ends.length === 1);
  expect(proxy.exchanges[0]?.ends).toEqual([{ kind: 'client_aborted' }]);
  expect(upstream.received).toHaveLength(0);
  expect(proxy.proxy.inFlight()).toBe(0);
});

describe('the remover', () => {
  const crlf = whole.replaceAll('\n\n', '\r\n\r\n');
  test.each([
    ['\\n', whole, `${answerStart}${done}`],
    ['\\r\\n', crlf, crlf.replace(usageChunk.replace('\n\n', '\r\n\r\n'), '')],
  ])('finds the chunk at every way of cutting the stream (%s)', (_name, text, expected) => {
    const bytes = Buffer.from(text);
    for (let size = 1; size <= bytes.length; size += 1) {
      const remover = new UsageChunkRemover();
      const passed: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) passed.push(remover.push(bytes.subarray(at, at + size)));
      passed.push(remover.flush());
      expect(Buffer.concat(passed).toString()).toBe(expected);
    }
  });

  test('passes a long event as it comes and keeps little of it', () => {
    const remover = new UsageChunkRemover();
    const long = Buffer.from(`data: {"choices":[],"usage":{"x":"${'y'.repeat(100_000)}"}}`);
    let passed = 0;
    for (let at = 0; at < long.length; at += 1000) passed += remover.push(long.subarray(at, at + 1000)).length;
    expect(long.length - passed).toBeLessThan(17_000);
    passed += remover.push(Buffer.from(`\n\n${usageChunk}${done}`)).length;
    expect(passed + remover.flush().length).toBe(long.length + 2 + done.length);
  });
});

test('the edited body parses to the same request with the one member added', () => {
  const bodies = [
    '{"stream":true}',
    ' {\n"a":"stream_options\\":","stream":true}',
    '{"x":[{"stream_options":1}],"stream":true}',
  ];
  for (const body of bodies) {
    const edited: unknown = JSON.parse(askingForUsage(Buffer.from(body))?.body.toString() ?? 'null');
    expect(edited).toEqual({ ...(JSON.parse(body) as object), stream_options: { include_usage: true } });
  }
});
