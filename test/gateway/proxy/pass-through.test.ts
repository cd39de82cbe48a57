/**
 * P1, as a property: whatever bodies, chunkings, header sets, statuses and trailers go in on one side, the same comes out on the other.
 * Both ends are raw sockets read by code the gateway does not share.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectRaw } from '../../helpers/raw-client.ts';
import type { RawClient } from '../../helpers/raw-client.ts';
import { readMessage } from '../../helpers/raw-socket-reader.ts';
import type { RawMessage } from '../../helpers/raw-socket-reader.ts';
import { startRawUpstream } from '../../helpers/raw-upstream.ts';
import type { RawUpstream } from '../../helpers/raw-upstream.ts';
import { startTestProxy, upstreamAt } from '../../helpers/proxy-server.ts';
import type { TestProxy } from '../../helpers/proxy-server.ts';

type Fields = readonly (readonly [string, string])[];

interface Planned {
  readonly startLine: string;
  readonly fields: Fields;
  readonly framing: 'none' | 'length' | 'chunked' | 'close';
  readonly body: Buffer;
  readonly trailers: Fields;
  readonly cuts: readonly number[]; // where the bytes are cut into writes
  readonly chunkSize: number;
}

const tokenCharacters = [..."!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const reserved =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|host|expect|x-aism-.*|x-goog-upload-url)$/i;
const fieldName = fc
  .string({ unit: fc.constantFrom(...tokenCharacters), minLength: 1, maxLength: 24 })
  .filter((name) => !reserved.test(name));
const familiarName = fc.constantFrom(
  'Set-Cookie',
  'set-cookie',
  'VARY',
  'content-encoding',
  'Accept',
  'X-Goog-Api-Key',
  'dAtE',
  'Trailers',
);
const fieldValue = fc
  .string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 60,
  })
  .map((value) => value.replace(/^[ \t]+|[ \t]+$/g, ''));
const fields = fc.array(fc.tuple(fc.oneof(fieldName, familiarName), fieldValue), { maxLength: 12 });
const trailerFields = fc.array(fc.tuple(fieldName, fieldValue), { maxLength: 3 });
const body = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 400 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 60_000, maxLength: 150_000 }) },
);
const cuts = fc.array(fc.nat({ max: 2_000 }), { maxLength: 6 });
/** A body of 150 KB in chunks of one byte would test the patience of the test alone. */
const mostChunks = 500;
const chunkSize = fc.integer({ min: 1, max: 70_000 });
const pathTail = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019-._~!$&()*+,;=:@/%2F%20|"<>'.split('')), maxLength: 40 })
  .filter((tail) => !/\.\.|%2e/i.test(tail));
const query = fc.option(
  fc.string({ unit: fc.constantFrom(...'ab=&%20+?/:@;,"'.split('')), maxLength: 30 }).map((text) => `?${text}`),
  { nil: '' },
);

const request = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'REPORT'),
    target: fc.tuple(pathTail, query).map(([tail, search]) => `/v1beta/${tail}${search}`),
    fields,
    framing: fc.constantFrom('none', 'length', 'chunked'),
    body,
    trailers: trailerFields,
    cuts,
    chunkSize,
  })
  .map(({ method, target, ...rest }) => planned({ startLine: `${method} /gemini${target} HTTP/1.1`, ...rest }));

const response = fc
  .record({
    status: fc.oneof(fc.constantFrom(200, 204, 304, 400, 404, 429, 500, 503), fc.integer({ min: 200, max: 999 })),
    reason: fc.constantFrom('OK', '', 'Ça va', 'I am  a teapot!'),
    fields,
    framing: fc.constantFrom('none', 'length', 'chunked', 'close'),
    body,
    trailers: trailerFields,
    cuts,
    chunkSize,
  })
  .map(({ status, reason, ...rest }) => planned({ startLine: `HTTP/1.1 ${status} ${reason}`, ...rest }));

function planned(plan: Omit<Planned, 'body' | 'framing'> & { body: Uint8Array; framing: Planned['framing'] }): Planned {
  const { framing, trailers } = plan;
  return {
    ...plan,
    body: Buffer.from(framing === 'none' ? [] : plan.body),
    trailers: framing === 'chunked' ? trailers : [],
  };
}

function framingFields(plan: Planned): Fields {
  if (plan.framing === 'length') return [['Content-LENGTH', String(plan.body.length)]];
  return plan.framing === 'chunked' ? [['transfer-Encoding', 'chunked']] : [];
}

/** Framing fields stand in the middle, so that their place is tested too. */
function allFields(plan: Planned, extra: Fields): Fields {
  const half = Math.floor(plan.fields.length / 2);
  return [...extra, ...plan.fields.slice(0, half), ...framingFields(plan), ...plan.fields.slice(half)];
}

function encode(plan: Planned, extra: Fields, bodyless = false): Buffer {
  const line = ([name, value]: readonly [string, string]): string => `${name}: ${value}\r\n`;
  const head = Buffer.from(`${plan.startLine}\r\n${allFields(plan, extra).map(line).join('')}\r\n`, 'latin1');
  if (bodyless) return head;
  if (plan.framing !== 'chunked') return Buffer.concat([head, plan.body]);
  const parts: Buffer[] = [head];
  const size = Math.max(plan.chunkSize, Math.ceil(plan.body.length / mostChunks));
  for (let at = 0; at < plan.body.length; at += size) {
    const chunk = plan.body.subarray(at, at + size);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from(`0\r\n${plan.trailers.map(line).join('')}\r\n`, 'latin1')]);
}

async function writeInPieces(write: (piece: Buffer) => void, bytes: Buffer, at: readonly number[]): Promise<void> {
  const marks = [...new Set(at.filter((mark) => mark > 0 && mark < bytes.length)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  let from = 0;
  for (const mark of marks) {
    write(bytes.subarray(from, mark));
    from = mark;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const isBodyless = (requestPlan: Planned, responsePlan: Planned): boolean =>
  requestPlan.startLine.startsWith('HEAD ') || /^HTTP\/1\.1 (204|304) /.test(responsePlan.startLine);

let upstream: RawUpstream;
let proxy: TestProxy;
let client: RawClient | null;
let answer: Planned;
let asked: Planned;
let received: RawMessage[];

beforeEach(async () => {
  client = null;
  upstream = await startRawUpstream(async (reader, socket) => {
    for (;;) {
      const message = await readMessage(reader, { kind: 'request' });
      received.push(message);
      const plan = answer;
      await writeInPieces((piece) => void socket.write(piece), encode(plan, [], isBodyless(asked, plan)), plan.cuts);
      const bodyless = isBodyless(asked, plan);
      if (!bodyless && (plan.framing === 'close' || plan.framing === 'none')) {
        socket.end();
        return;
      }
    }
  });
  proxy = await startTestProxy([upstreamAt(upstream.origin)]);
});

afterEach(async () => {
  client?.socket.destroy();
  await proxy.stop();
  await upstream.stop();
});

test('requests and responses arrive byte for byte, apart from hop-by-hop fields, host and our own', async () => {
  await fc.assert(
    fc.asyncProperty(request, response, async (requestPlan, responsePlan) => {
      asked = requestPlan;
      answer = responsePlan;
      received = [];
      const at = proxy.exchanges.length;
      if (client === null || client.reader.ended) client = await connectRaw(proxy.port);
      const sent = encode(requestPlan, [['hOST', `localhost:${proxy.port}`]]);
      const bodyless = isBodyless(requestPlan, responsePlan);
      await writeInPieces(client.send, sent, requestPlan.cuts);
      const seen = await client.response({ bodyless });

      expect(received).toHaveLength(1);
      const [got] = received;
      expect(got?.startLine).toBe(requestPlan.startLine.replace('/gemini', ''));
      expect(got?.headers).toEqual(allFields(requestPlan, [['hOST', upstream.origin.host]]));
      expect(got?.body.equals(requestPlan.body)).toBe(true);
      expect(got?.trailers).toEqual(requestPlan.trailers);

      expect(seen.startLine).toBe(responsePlan.startLine);
      const isOurs = ([name]: readonly [string, string]): boolean =>
        /^(x-aism-call-id|connection|keep-alive)$/i.test(name);
      // A body that ended with the upstream's connection is chunked on a connection that goes on; a head without body has no chunks.
      const reframed = responsePlan.framing === 'close' || responsePlan.framing === 'none' || bodyless;
      const plain = (list: Fields): Fields =>
        list.filter((field) => !isOurs(field) && !(reframed && /^transfer-encoding$/i.test(field[0])));
      expect(plain(seen.headers)).toEqual(plain(allFields(responsePlan, [])));
      expect(seen.body.equals(bodyless ? Buffer.alloc(0) : responsePlan.body)).toBe(true);
      expect(seen.trailers).toEqual(bodyless ? [] : responsePlan.trailers);

      const exchange = proxy.exchanges[at];
      expect(proxy.exchanges).toHaveLength(at + 1);
      expect(seen.headers.filter(([name]) => name === 'x-aism-call-id')).toEqual([
        ['x-aism-call-id', exchange?.head.callId],
      ]);
      expect(Buffer.concat(exchange?.requestChunks ?? []).equals(requestPlan.body)).toBe(true);
      expect(Buffer.concat(exchange?.responseChunks ?? []).equals(seen.body)).toBe(true);
      expect(exchange?.ends).toEqual([{ kind: 'complete' }]);
    }),
    { numRuns: 200, timeout: 10_000, endOnFailure: true },
  );
}, 60_000);
