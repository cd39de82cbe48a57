import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Provider } from '../../../contract/usage-record.ts';
import { createUsageFaultCounter, type UsageFault } from '../../../gateway/usage/usage-faults.ts';
import { openUsageTap } from '../../../gateway/usage/usage-tap.ts';

const generate = '/v1beta/models/gemini-2.5-flash:generateContent';
const json = ['content-type', 'application/json'];
const sse = ['content-type', 'text/event-stream'];

interface Answer {
  readonly provider?: Provider;
  readonly path?: string;
  readonly headers?: readonly string[];
  readonly body: string | Buffer;
  readonly complete?: boolean;
  readonly status?: number;
}

async function factsOf({
  provider = 'google',
  path = generate,
  headers = json,
  body,
  complete = true,
  status = 200,
}: Answer) {
  const tap = openUsageTap({ upstream: { provider }, method: 'POST', path });
  tap.requestChunk(Buffer.from('{}'));
  tap.responseHead(status, headers);
  tap.responseChunk(Buffer.from(body), 1);
  return tap.finish(complete);
}

const usage = (members: string): string => `{"usageMetadata":{${members}},"modelVersion":"gemini-2.5-flash"}`;
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const tenMegabytes = `"promptTokenCount":3,"promptTokensDetails":[${'{"modality":"TEXT","tokenCount":1},'.repeat(300_000)}{}]`;

const hostile: readonly (readonly [string, Answer, UsageFault])[] = [
  ['a negative count', { body: usage('"promptTokenCount":-1,"totalTokenCount":4') }, 'invalid_count'],
  ['a count that is no number', { body: usage('"promptTokenCount":"NaN"') }, 'invalid_count'],
  ['a broken number', { body: usage('"promptTokenCount":1.5') }, 'invalid_count'],
  ['a huge count', { body: usage('"promptTokenCount":1e308') }, 'invalid_count'],
  [
    'counts whose sum is too large',
    { body: usage(`"promptTokenCount":${2 ** 53 - 1},"candidatesTokenCount":1`) },
    'invalid_count',
  ],
  ['NaN as a bare word', { body: usage('"promptTokenCount":NaN') }, 'unreadable'],
  ['half an object', { body: '{"usageMetadata":{"promptTokenCount":4' }, 'unreadable'],
  ['a usage object of 10 MB', { body: usage(tenMegabytes) }, 'too_large'],
  ['a usage object of 10 MB in a stream', { headers: sse, body: `data: ${usage(tenMegabytes)}\n\n` }, 'too_large'],
  ['an event that is no JSON', { headers: sse, body: 'data: {"usageMetadata":\n\n' }, 'unreadable'],
  ['a shape nested too deep', { body: `{"candidates":${deep(60)},"x":"${'y'.repeat(70_000)}"}` }, 'unreadable'],
  [
    'an encoding that is none',
    { headers: [...json, 'content-encoding', 'gzip'], body: usage('"promptTokenCount":4') },
    'undecodable',
  ],
  ['an unknown encoding', { headers: [...json, 'content-encoding', 'snappy'], body: 'x' }, 'undecodable'],
  [
    'a body that unpacks without end',
    { headers: [...json, 'content-encoding', 'gzip'], body: gzipSync(`{"x":"${'y'.repeat(40 * 1024 * 1024)}"}`) },
    'too_large',
  ],
  [
    'a negative number of searches',
    {
      provider: 'anthropic',
      path: '/v1/messages',
      body: '{"usage":{"input_tokens":1,"output_tokens":1,"server_tool_use":{"web_search_requests":-3}}}',
    },
    'invalid_count',
  ],
  [
    'a duration that is none',
    { provider: 'openai', path: '/v1/audio/transcriptions', body: '{"usage":{"type":"duration","seconds":-3}}' },
    'invalid_count',
  ],
];

describe('usage that cannot be read', () => {
  it.each(hostile)('%s: no number, and the reason is told', async (_name, answer, reason) => {
    expect(await factsOf(answer)).toMatchObject({
      inputTokens: null,
      outputTokens: null,
      totalTokens: null,
      modalities: null,
      units: null,
      usageSource: 'none',
      usageFault: reason,
    });
  });

  it('is no fault of a call that broke off, failed, or has no usage to tell', async () => {
    const half = '{"usageMetadata":{"promptTokenCount":4';
    expect((await factsOf({ body: half, complete: false })).usageFault).toBeNull();
    expect((await factsOf({ body: '<html>', status: 502 })).usageFault).toBeNull();
    expect((await factsOf({ body: '{}' })).usageFault).toBeNull();
    expect((await factsOf({ body: 'x', headers: ['content-type', 'image/png'] })).usageFault).toBeNull();
  });

  it('does not take the units along that were counted beside it', async () => {
    const image = '{"inlineData":{"mimeType":"image/png","data":"QUJD"}}';
    const body = `{"candidates":[{"content":{"parts":[${image}]}}],"usageMetadata":{"promptTokenCount":-1}}`;
    expect(await factsOf({ body })).toMatchObject({ units: null, usageSource: 'none', usageFault: 'invalid_count' });
  });

  it('in one event does not spoil what the others told', async () => {
    const body = `data: {"usageMetadata":\n\ndata: ${usage('"promptTokenCount":4,"totalTokenCount":4')}\n\n`;
    expect(await factsOf({ headers: sse, body })).toMatchObject({
      inputTokens: 4,
      usageSource: 'reported',
      usageFault: null,
    });
  });

  it('is counted by reason', () => {
    const counter = createUsageFaultCounter();
    counter.count('too_large');
    counter.count('too_large');
    counter.count('invalid_count');
    expect(counter.totals()).toEqual({
      invalid_count: 1,
      unreadable: 0,
      undecodable: 0,
      too_large: 2,
      reader_fault: 0,
    });
  });
});

describe('bounds', () => {
  it('a stream that invents usage fields does not grow the merged usage', async () => {
    const tap = openUsageTap({ upstream: { provider: 'google' }, method: 'POST', path: generate });
    tap.responseHead(200, sse);
    for (let index = 0; index < 5_000; index += 1)
      tap.responseChunk(
        Buffer.from(`data: {"usageMetadata":{"f${index}":${index},"promptTokenCount":${index}}}\n\n`),
        1,
      );
    const { nativeUsage, inputTokens } = await tap.finish(true);
    expect(Object.keys(nativeUsage ?? {}).length).toBeLessThanOrEqual(64);
    expect(inputTokens).toBe(4_999);
  });

  it('a stream that invents search queries is not counted beyond the bound', async () => {
    const tap = openUsageTap({ upstream: { provider: 'google' }, method: 'POST', path: generate });
    tap.responseHead(200, sse);
    const metadata = (index: number): string =>
      JSON.stringify({
        candidates: [{ groundingMetadata: { webSearchQueries: [`query ${index} ${'x'.repeat(2_000)}`] } }],
      });
    for (let index = 0; index < 4_000; index += 1) tap.responseChunk(Buffer.from(`data: ${metadata(index)}\n\n`), 1);
    expect((await tap.finish(true)).units?.webSearches).toBe(2_000);
  });

  it('a member named like the prototype changes nothing', async () => {
    const body = '{"usageMetadata":{"__proto__":{"promptTokenCount":9},"constructor":1,"candidatesTokenCount":2}}';
    expect(await factsOf({ body })).toMatchObject({ inputTokens: null, outputTokens: 2 });
    const twice = `data: ${body}\n\ndata: ${body}\n\n`;
    expect(await factsOf({ headers: sse, body: twice })).toMatchObject({ inputTokens: null, outputTokens: 2 });
  });
});
