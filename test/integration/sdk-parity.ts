/**
 * The same call of an official client twice: straight at the upstream, and through a gateway in front of it. The client must get the same
 * result, and the upstream must have seen the same requests; the rows of the second call are handed back for the test to look at.
 */
import { expect } from 'vitest';
import type { UsageRecord } from '../../contract/usage-record.ts';
import { loadFixtures, type Fixture } from '../gateway/usage/fixture.ts';
import { waitForCalls } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import {
  startScriptedUpstream,
  type ReceivedRequest,
  type ScriptedAnswer,
  type ScriptedUpstream,
} from '../helpers/scripted-upstream.ts';

/** Base URLs as a user would set them. */
export interface Place {
  readonly gemini: string;
  readonly openai: string;
  readonly anthropic: string;
}

export interface Parity {
  readonly upstream: ScriptedUpstream;
  readonly gateway: TestGateway;
  /** @returns the rows of the call through the gateway, oldest first */
  compare(call: (place: Place) => Promise<unknown>, options?: ComparisonOptions): Promise<readonly UsageRecord[]>;
  stop(): Promise<void>;
}

export interface ComparisonOptions {
  /** The gateway asks for usage in the body and for an answer it can read: the one change it makes. */
  readonly asksForUsage?: boolean;
}

export async function startParity(): Promise<Parity> {
  const upstream = await startScriptedUpstream();
  const { url } = upstream;
  const gateway = await startTestGateway({
    upstreams: ['gemini', 'openai', 'anthropic'].map((name) => `${name}=${url}`),
  });
  const straight: Place = { gemini: url, openai: `${url}/v1`, anthropic: url };
  const metered: Place = {
    gemini: gateway.url,
    openai: `${gateway.url}/openai/v1`,
    anthropic: `${gateway.url}/anthropic`,
  };
  let rowsSeen = 0;
  return {
    upstream,
    gateway,
    async compare(call, { asksForUsage = false } = {}) {
      const before = upstream.received.length;
      const expected = plainResult(await call(straight));
      const between = upstream.received.length;
      const result = plainResult(await call(metered));
      expect(result).toEqual(expected);
      const sent = upstream.received.slice(before, between);
      const forwarded = upstream.received.slice(between);
      if (asksForUsage) expect(forwarded.length).toBe(sent.length);
      else expect(forwarded.map(plainRequest)).toEqual(sent.map(plainRequest));
      const rows = await waitForCalls(gateway, rowsSeen + sent.length);
      const fresh = rows.slice(rowsSeen);
      rowsSeen = rows.length;
      return fresh;
    },
    async stop() {
      await gateway.stop();
      await upstream.stop();
    },
  };
}

const hopByHop = new Set(['connection', 'keep-alive', 'date', 'transfer-encoding', 'host', 'content-length']);

/** Data only: no methods, no headers that belong to one connection, and our own call id left out. */
function plainResult(result: unknown): unknown {
  const keep = (name: string, value: unknown): unknown =>
    hopByHop.has(name) || name.startsWith('x-aism-') || name === 'responseInternal' ? undefined : value;
  return JSON.parse(JSON.stringify(result ?? null, keep));
}

/** Boundaries of forms are made up for each request: of those only the length counts. */
function plainRequest({ method, url, rawHeaders, body }: ReceivedRequest): unknown {
  const headers: string[] = [];
  let isForm = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const madeUp = value.startsWith('multipart/form-data');
    isForm ||= madeUp;
    if (!hopByHop.has(name)) headers.push(`${name}: ${madeUp ? 'multipart/form-data' : value}`);
  }
  return { method, url, headers: headers.toSorted(), body: isForm ? body.length : body.toString('base64') };
}

const fixtures = new Map(loadFixtures().map((each) => [each.name, each]));

export function fixture(name: string): Fixture {
  const found = fixtures.get(name);
  if (found === undefined) throw new Error(`No fixture ${name}`);
  return found;
}

/** The provider's own bytes, in pieces that respect no boundary. */
export function answerOf({ status, responseHeaders, response }: Fixture): ScriptedAnswer {
  const headers: Record<string, string> = {};
  for (let index = 0; index < responseHeaders.length; index += 2)
    headers[responseHeaders[index] ?? ''] = responseHeaders[index + 1] ?? '';
  const size = Math.max(97, Math.ceil(response.length / 20));
  const pieces = Array.from({ length: Math.ceil(response.length / size) }, (_, index) =>
    response.subarray(index * size, (index + 1) * size),
  );
  return { status, headers, pieces };
}

const metered = [
  'surface',
  'model',
  'modelRequested',
  'streamed',
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'toolInputTokens',
  'outputTokens',
  'reasoningTokens',
  'totalTokens',
  'usageSource',
  'usageMismatch',
  'serviceTier',
  'finishReason',
  'modalities',
] as const;

/** The row says what the fixture's author worked out by hand. */
export function expectMetered(row: UsageRecord | undefined, { expected }: Fixture): void {
  expect(row).toMatchObject({ outcome: 'ok', statusCode: 200 });
  const told = metered.filter((field) => expected[field] !== undefined);
  expect(Object.fromEntries(told.map((field) => [field, row?.[field]]))).toEqual(
    Object.fromEntries(told.map((field) => [field, expected[field]])),
  );
}
