/**
 * The built-in sample upstream: a real HTTP server on a free loopback port that speaks Gemini, OpenAI and Anthropic, with delays, errors and
 * cut streams. It runs only while sample traffic runs, so that an idle gateway opens no extra port.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { anthropicFormat } from './anthropic-format.ts';
import { planAnswer, seededRandom, type AnswerPlan, type Random } from './answer-plan.ts';
import { geminiFormat } from './gemini-format.ts';
import { openaiFormat } from './openai-format.ts';
import type { SampleRequest, WireFormat } from './wire-format.ts';

const formats: readonly WireFormat[] = [geminiFormat, openaiFormat, anthropicFormat];
const maxRequestBytes = 1024 * 1024;

export interface SampleUpstream {
  readonly origin: URL;
  stop(): Promise<void>;
}

export async function startSampleUpstream(seed: number): Promise<SampleUpstream> {
  const random = seededRandom(seed);
  const server = createServer((req, res) => {
    respond(req, res, random).catch(() => res.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: new URL(`http://127.0.0.1:${port}`),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(req: IncomingMessage, res: ServerResponse, random: Random): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://sample.invalid');
  const format = formats.find((candidate) => candidate.matches(url.pathname));
  if (format === undefined)
    return sendJson(res, 404, { error: { message: `The sample upstream does not serve ${url.pathname}` } });
  const request: SampleRequest = { path: url.pathname, query: url.searchParams, body: await readJson(req) };
  const model = format.modelOf(request);
  const plan = planAnswer(random, model, format.thinks(model));
  if (plan.fate === 'rate_limited' || plan.fate === 'server_error') {
    const { status, body } = format.error(plan.fate);
    return sendJson(res, status, body, plan.fate === 'rate_limited' ? { 'retry-after': '7' } : {});
  }
  if (format.streams(request)) return stream(res, format, plan, request);
  await sleep(plan.firstTokenMs + plan.words.length * plan.chunkGapMs);
  sendJson(res, 200, format.whole(plan, request));
}

async function stream(
  res: ServerResponse,
  format: WireFormat,
  plan: AnswerPlan,
  request: SampleRequest,
): Promise<void> {
  const parts = format.streamParts(plan, request);
  res.writeHead(200, { 'content-type': format.streamType(request) });
  if (parts.opening !== '') res.write(parts.opening);
  await sleep(plan.firstTokenMs);
  for (const [index, token] of parts.tokens.entries()) {
    if (res.destroyed) return;
    if (plan.fate === 'cut' && index > parts.tokens.length / 2) {
      res.destroy();
      return;
    }
    res.write(token);
    await sleep(plan.chunkGapMs);
  }
  res.end(parts.closing);
}

function sendJson(res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function readJson(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += chunk.length;
    if (bytes > maxRequestBytes) throw new Error('Sample requests are small');
    chunks.push(chunk);
  }
  const parsed: unknown = bytes === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {};
}
