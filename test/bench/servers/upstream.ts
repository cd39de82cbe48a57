/**
 * The upstream of the benchmarks, a process of its own: a 2 KB Gemini answer with usage, a 100-event stream, a body of any size. First stdout
 * line: its port.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const usageMetadata = {
  promptTokenCount: 1_200,
  candidatesTokenCount: 300,
  thoughtsTokenCount: 100,
  totalTokenCount: 1_600,
};
const event = (text: string, finishReason?: string) =>
  JSON.stringify({
    candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0, finishReason }],
    usageMetadata,
    modelVersion: 'gemini-2.5-flash',
  });
const whole = Buffer.from(event('x'.repeat(1_750), 'STOP'));
const streamEvent = `data: ${event('y'.repeat(800))}\n\n`;
const lastEvent = `data: ${event('y'.repeat(780), 'STOP')}\n\n`;
const events = 100;

/** Event by event, each in a packet of its own, as a provider sends what it generates. */
function spell(res: ServerResponse, sent = 1): void {
  res.write(sent < events ? streamEvent : lastEvent);
  if (sent < events) setImmediate(spell, res, sent + 1);
  else res.end();
}

/** `ms` between events of a slow stream; it goes on until the client leaves. */
function trickle(res: ServerResponse, ms: number): void {
  res.write(streamEvent);
  const timer = setInterval(() => res.write(streamEvent), ms);
  res.once('close', () => clearInterval(timer));
}

function flood(res: ServerResponse, bytes: number): void {
  const block = Buffer.alloc(64 * 1024, 0x20);
  let left = bytes;
  const push = () => {
    while (left > 0) {
      left -= block.length;
      if (!res.write(block)) {
        res.once('drain', push);
        return;
      }
    }
    res.end();
  };
  push();
}

const server = createServer((req, res) => {
  const url = new URL(req.url ?? '/', 'http://bench.invalid');
  req.resume();
  req.once('end', () => {
    if (url.searchParams.has('bytes')) {
      res.writeHead(200, { 'content-type': 'application/octet-stream' });
      flood(res, Number(url.searchParams.get('bytes')));
    } else if (url.searchParams.has('trickle')) {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      trickle(res, Number(url.searchParams.get('trickle')));
    } else if (url.pathname.endsWith(':streamGenerateContent')) {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      if (url.searchParams.has('spelled')) return spell(res);
      for (let sent = 1; sent < events; sent += 1) res.write(streamEvent);
      res.end(lastEvent);
    } else {
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
      res.end(whole);
    }
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
process.once('SIGTERM', () => process.exit(0));
