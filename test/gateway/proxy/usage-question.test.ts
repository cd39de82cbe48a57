/** Asking for stream usage has a way back: who refuses the question gets the caller's own body, and the client sees only the second answer. */
import { randomBytes } from 'node:crypto';
import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UsageQuestions } from '../../../gateway/proxy/usage-question.ts';
import { connectRaw } from '../../helpers/raw-client.ts';
import { startTestProxy, type TestProxy } from '../../helpers/proxy-server.ts';
import { valueOf, type RawMessage } from '../../helpers/raw-socket-reader.ts';
import {
  startScriptedUpstream,
  type ReceivedRequest,
  type ScriptedAnswer,
  type ScriptedUpstream,
} from '../../helpers/scripted-upstream.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const text = event({ choices: [{ index: 0, delta: { content: 'hi' } }] });
const usage = event({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } });
const done = 'data: [DONE]\n\n';
const eventStream = { 'content-type': 'text/event-stream' };
const json = { 'content-type': 'application/json' };

let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeEach(async () => {
  upstream = await startScriptedUpstream();
  const origin = new URL(upstream.url);
  const config = { includeStreamUsage: true, idleTimeoutMs: 500 };
  proxy = await startTestProxy([{ name: 'openai', provider: 'openai', origin }], { config });
});
afterEach(async () => {
  await proxy.stop();
  await upstream.stop();
});

const asked = ({ body }: ReceivedRequest): boolean => body.includes('"include_usage":true');
const sse = (request: ReceivedRequest): ScriptedAnswer => ({
  headers: eventStream,
  pieces: [text, ...(asked(request) ? [usage] : []), done],
});
const refusing = (refusal: ScriptedAnswer) => (request: ReceivedRequest) => (asked(request) ? refusal : sse(request));

async function ask(body: string, path = '/openai/v1/chat/completions', headers = ''): Promise<RawMessage> {
  const client = await connectRaw(proxy.port);
  client.send(
    `POST ${path} HTTP/1.1\r\nHost: l\r\nContent-Type: application/json\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  const answer = await client.response();
  client.socket.destroy();
  return answer;
}

const body = '{"model":"m","stream":true}';
const naming = '{"error":{"message":"Unrecognized request argument supplied: stream_options"}}';
const loc = '{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"]}]}';

describe('a refusal of the question', () => {
  const refusals: readonly (readonly [string, ScriptedAnswer])[] = [
    ['400 that names stream_options', { status: 400, headers: json, pieces: [naming] }],
    ['422 that names it', { status: 422, headers: json, pieces: [loc] }],
    ['400 in words of its own', { status: 400, headers: json, pieces: ['{"error":"unexpected field"}'] }],
    ['422 without a body', { status: 422, headers: { 'content-length': '0' }, pieces: [] }],
    ['413', { status: 413, headers: json, pieces: ['{"error":"too long"}'] }],
    [
      '400 with a length',
      { status: 400, headers: { ...json, 'content-length': `${naming.length}` }, pieces: [naming] },
    ],
    ['400 in pieces', { status: 400, headers: json, pieces: [naming.slice(0, 60), { pauseMs: 20 }, naming.slice(60)] }],
    ['compressed 400', { status: 400, headers: { ...json, 'content-encoding': 'gzip' }, pieces: [gzipSync(naming)] }],
    ['400 that is cut off', { status: 400, headers: json, pieces: [naming, { pauseMs: 20 }, 'cut'] }],
    ['400 that never ends', { status: 400, headers: json, pieces: [naming, 'hang'] }],
    ['400 that is very long', { status: 400, headers: json, pieces: [naming, 'x'.repeat(100_000), 'hang'] }],
  ];

  test.each(refusals)('%s: the caller gets the answer to its own body, as one call', async (_name, refusal) => {
    upstream.answer('/completions', refusing(refusal));
    const answer = await ask(body);
    expect(answer.startLine).toBe('HTTP/1.1 200 OK');
    expect(answer.body.toString()).toBe(`${text}${done}`);
    expect(upstream.received.map(({ body: sent }) => sent.toString())).toEqual([
      '{"stream_options":{"include_usage":true},"model":"m","stream":true}',
      body,
    ]);
    expect(proxy.exchanges).toHaveLength(1);
    const [call] = proxy.exchanges;
    expect(call?.ends).toEqual([{ kind: 'complete' }]);
    expect(call?.responseHeads.map(({ statusCode }) => statusCode)).toEqual([200]);
    expect(Buffer.concat(call?.responseChunks ?? []).toString()).toBe(`${text}${done}`);
    expect(Buffer.concat(call?.requestChunks ?? []).toString()).toBe(body);
  });

  test('is remembered for upstream, path and model, and only there', async () => {
    upstream.answer('/old/', refusing({ status: 400, headers: json, pieces: [naming] }));
    upstream.answer('/new/', sse);
    for (const path of ['/openai/old/completions', '/openai/old/completions', '/openai/new/completions'])
      expect((await ask(body, path)).body.toString()).toBe(`${text}${done}`);
    await ask('{"model":"other","stream":true}', '/openai/old/completions');
    expect(upstream.received.map((request) => `${request.url} ${asked(request)}`)).toEqual([
      '/old/completions true',
      '/old/completions false',
      '/old/completions false',
      '/new/completions true',
      '/old/completions true',
      '/old/completions false',
    ]);
  });

  test('goes to the caller when its own body is refused as well', async () => {
    upstream.answer('/completions', { status: 400, headers: json, pieces: ['{"error":"no such model"}'] });
    const answer = await ask(body);
    expect(answer.startLine).toBe('HTTP/1.1 400 Bad Request');
    expect(answer.body.toString()).toBe('{"error":"no such model"}');
    expect(proxy.exchanges[0]?.responseHeads).toHaveLength(1);
  });

  test('an upstream that took the question before is not asked twice for a fault of the caller', async () => {
    upstream.answer('/completions', sse);
    await ask(body);
    upstream.answer('/completions', { status: 400, headers: json, pieces: ['{"error":"context too long"}'] });
    expect((await ask(body)).body.toString()).toBe('{"error":"context too long"}');
    expect(upstream.received).toHaveLength(2);
  });

  test.each([401, 403, 404, 429, 500, 503])('%i is no refusal of it and passes', async (status) => {
    upstream.answer('/completions', { status, headers: json, pieces: [naming] });
    expect((await ask(body)).body.toString()).toBe(naming);
    expect(upstream.received).toHaveLength(1);
  });

  test('a client that leaves while it is read leaves nothing behind', async () => {
    upstream.answer('/completions', refusing({ status: 400, headers: json, pieces: [naming, 'hang'] }));
    const client = await connectRaw(proxy.port);
    client.send(
      `POST /openai/v1/completions HTTP/1.1\r\nHost: l\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await waitFor('the question', () => upstream.received.length === 1);
    client.socket.resetAndDestroy();
    await waitFor('the end', () => proxy.exchanges[0]?.ends.length === 1);
    expect(proxy.exchanges[0]?.ends).toEqual([{ kind: 'client_aborted' }]);
    expect(proxy.proxy.inFlight()).toBe(0);
    expect(upstream.received).toHaveLength(1);
  });

  test('is forgotten when too many others are known', () => {
    const known = new UsageQuestions();
    for (let index = 0; index < 1_001; index += 1) known.note(`${index}`, false);
    expect(known.took('0')).toBeNull();
    expect(known.took('1000')).toBe(false);
  });
});

describe('the extra chunk', () => {
  const codings = [
    ['identity', (plain: string) => Buffer.from(plain), (coded: Buffer) => coded],
    ['gzip', (plain: string) => gzipSync(plain), (coded: Buffer) => gunzipSync(coded)],
    ['x-gzip', (plain: string) => gzipSync(plain), (coded: Buffer) => gunzipSync(coded)],
    ['deflate', (plain: string) => deflateSync(plain), (coded: Buffer) => inflateSync(coded)],
    ['br', (plain: string) => brotliCompressSync(plain), (coded: Buffer) => brotliDecompressSync(coded)],
    ['zstd', (plain: string) => zstdCompressSync(plain), (coded: Buffer) => zstdDecompressSync(coded)],
  ] as const;
  const table = codings.flatMap((coding) => [7, 100_000].map((size) => [...coding, size] as const));

  test.each(table)('is taken out of a stream in %s, whose coding stays', async (name, encode, decode, size) => {
    const long = event({ choices: [{ index: 0, delta: { content: 'lorem ipsum '.repeat(size) } }] });
    const coded = encode(`${text}${long}${usage}${done}`);
    const count = Math.ceil(coded.length / size);
    const pieces = Array.from({ length: count }, (_, index) => coded.subarray(index * size, (index + 1) * size));
    const headers = { ...eventStream, ...(name === 'identity' ? {} : { 'content-encoding': name }) };
    upstream.answer('/completions', {
      headers,
      pieces,
    });
    const answer = await ask(body, undefined, `Accept-Encoding: ${name}\r\n`);
    expect(valueOf(answer.headers, 'content-encoding')).toBe(name === 'identity' ? undefined : name);
    expect(decode(answer.body).toString()).toBe(`${text}${long}${done}`);
    expect(Buffer.concat(proxy.exchanges[0]?.responseChunks ?? []).equals(coded)).toBe(true);
    expect(proxy.exchanges[0]?.ends).toEqual([{ kind: 'complete' }]);
  });

  test('of a compressed stream does not delay what comes before it', async () => {
    const start = gzipSync(text, { finishFlush: 2 });
    upstream.answer('/completions', {
      headers: { ...eventStream, 'content-encoding': 'gzip' },
      pieces: [start, 'hang'],
    });
    const client = await connectRaw(proxy.port);
    client.send(
      `POST /openai/v1/completions HTTP/1.1\r\nHost: l\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await client.reader.until('\r\n\r\n');
    const decoded = await waitFor('the first event', () => {
      const chunks = client.reader.waiting
        .toString('latin1')
        .split('\r\n')
        .filter((_, index) => index % 2 === 1);
      return gunzipSync(Buffer.from(chunks.join(''), 'latin1'), { finishFlush: 2 }).toString() === text;
    });
    expect(decoded).toBe(true);
    client.socket.destroy();
  });

  test('is taken out of a large compressed stream whose reader is slow', async () => {
    const large = Array.from({ length: 3_000 }, () =>
      event({ choices: [{ delta: randomBytes(2_000).toString('base64') }] }),
    ).join('');
    const headers = { ...eventStream, 'content-encoding': 'gzip' };
    upstream.answer('/completions', { headers, pieces: [gzipSync(`${large}${usage}${done}`)] });
    const client = await connectRaw(proxy.port);
    client.send(
      `POST /openai/v1/completions HTTP/1.1\r\nHost: l\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    client.socket.on('data', () => {
      client.socket.pause();
      setImmediate(() => client.socket.resume());
    });
    expect(gunzipSync((await client.response()).body).equals(Buffer.from(`${large}${done}`))).toBe(true);
    client.socket.destroy();
  });

  test('of a stream with a length is taken out as well, and the length with it', async () => {
    const whole = `${text}${usage}${done}`;
    upstream.answer('/completions', {
      headers: { ...eventStream, 'content-length': `${whole.length}` },
      pieces: [whole],
    });
    const answer = await ask(body);
    expect(answer.framing).toBe('chunked');
    expect(valueOf(answer.headers, 'content-length')).toBeUndefined();
    expect(answer.body.toString()).toBe(`${text}${done}`);
  });

  test('stays when the upstream sends it unasked', async () => {
    const whole = `${text}${usage}${done}`;
    upstream.answer('/completions', { headers: eventStream, pieces: [whole] });
    for (const own of [
      '{"stream":true,"stream_options":{"include_usage":false}}',
      '{"stream":true,"stream_options":null}',
    ])
      expect((await ask(own)).body.toString()).toBe(whole);
    upstream.answer('/refuses/', (request) =>
      asked(request) ? { status: 400, headers: json, pieces: [naming] } : { headers: eventStream, pieces: [whole] },
    );
    expect((await ask(body, '/openai/refuses/completions')).body.toString()).toBe(whole);
  });

  test('a compressed stream that cannot be decoded breaks off', async () => {
    upstream.answer('/completions', {
      headers: { ...eventStream, 'content-encoding': 'gzip' },
      pieces: [gzipSync(text).fill(0x55, 12), { pauseMs: 20 }],
    });
    await expect(ask(body)).rejects.toThrow(/ended/);
    expect(proxy.proxy.inFlight()).toBe(0);
    expect(proxy.exchanges[0]?.ends).toHaveLength(1);
  });
});
