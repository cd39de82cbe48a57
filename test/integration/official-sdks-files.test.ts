/**
 * Google's resumable uploads by the official client through a real gateway: every chunk goes through it, the client gets what it gets without
 * it, and neither the address of an upload nor the key in it is kept anywhere.
 */
import { GoogleGenAI } from '@google/genai';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { residentMib } from '../bench/machine.ts';
import { allCalls, waitForCalls } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startFileUpstream, type FileUpstream } from './file-upstream.ts';

const key = 'AIzaUploadCanary-0123456789';
const uploadId = 'UPLOAD-ID-CANARY';
const mib = 1024 * 1024;
let upstream: FileUpstream;
let gateway: TestGateway;
let scratch: string;

beforeAll(async () => {
  upstream = await startFileUpstream({ uploadId, key });
  gateway = await startTestGateway({
    upstreams: [`gemini=${upstream.url}`, `named:google=${upstream.url}`],
    env: { AISM_LOG_LEVEL: 'trace' },
  });
  scratch = await mkdtemp(join(tmpdir(), 'aism-files-'));
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
  await rm(scratch, { recursive: true, force: true });
});

const client = (baseUrl: string) => new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl } });
const content = Buffer.alloc(20 * mib, 'a file of more than two chunks; ');
const blob = () => new Blob([content], { type: 'application/pdf' });
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function filesHolding(secret: string): Promise<string[]> {
  const entries = await readdir(gateway.dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const held = await Promise.all(files.map(async (file) => (await readFile(file)).includes(secret)));
  return files.filter((_file, index) => held[index]);
}

test('an upload of several chunks and the download give what they give without the gateway', async () => {
  const roundTrip = async (baseUrl: string) => {
    const ai = client(baseUrl);
    const before = upstream.pieces.length;
    const file = await ai.files.upload({ file: blob(), config: { displayName: 'plan' } });
    const downloadPath = join(scratch, `down-${before}`);
    await ai.files.download({ file: 'files/abc', downloadPath });
    return { file, downloaded: sha256(await readFile(downloadPath)), pieces: upstream.pieces.slice(before) };
  };
  const straight = await roundTrip(upstream.url);
  const before = (await allCalls(gateway)).length;
  const metered = await roundTrip(gateway.url);
  expect(JSON.stringify(metered.file)).toBe(JSON.stringify(straight.file));
  expect(metered.downloaded).toBe(sha256(upstream.download));
  expect(metered.downloaded).toBe(straight.downloaded);
  expect(metered.pieces).toEqual(straight.pieces);
  expect(metered.pieces.map(({ command, offset, bytes }) => [command, offset, bytes])).toEqual([
    ['upload', 0, 8 * mib],
    ['upload', 8 * mib, 8 * mib],
    ['upload, finalize', 16 * mib, 4 * mib],
  ]);
  const rows = (await waitForCalls(gateway, before + 5)).slice(before); // start, three pieces, download
  expect(rows.map(({ surface, outcome, costUsd }) => [surface, outcome, costUsd])).toEqual(
    Array.from({ length: 5 }, () => ['files', 'ok', null]),
  );
  expect(rows.map((row) => row.requestBytes).slice(1, 4)).toEqual([8 * mib, 8 * mib, 4 * mib]);
});

test.each([
  ['/upload/v1beta/files', ''],
  ['/v1beta/upload/v1beta/files', ''],
  ['/gemini/upload/v1beta/files', ''],
  ['/named/upload/v1beta/files', '/named'],
])('the address given for %s leads through the gateway, and its status headers pass', async (path, prefix) => {
  const start = await fetch(`${gateway.url}${path}?key=${key}`, {
    method: 'POST',
    headers: { 'x-goog-upload-protocol': 'resumable', 'x-goog-upload-command': 'start' },
    body: '{}',
  });
  const address = start.headers.get('x-goog-upload-url') ?? '';
  expect(start.headers.get('x-goog-upload-status')).toBe('active');
  expect(address).toBe(`${gateway.url}${prefix}/upload/v1beta/files?upload_id=${uploadId}&key=${key}`);
  const cancelled = await fetch(address, { method: 'POST', headers: { 'x-goog-upload-command': 'cancel' } });
  expect(cancelled.headers.get('x-goog-upload-status')).toBe('cancelled');
});

test('the address of an upload and the key in it are in no row, no log and no file', async () => {
  const rows = JSON.stringify(await allCalls(gateway));
  for (const secret of [key, uploadId]) {
    expect(rows).not.toContain(secret);
    expect(gateway.log.join('\n')).not.toContain(secret);
    expect(await filesHolding(secret)).toEqual([]);
  }
});

test('an upload of 200 MB flows through without being kept', async () => {
  const bytes = 200 * mib;
  const before = residentMib(gateway.pid);
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, residentMib(gateway.pid))), 20);
  const received = await sendZeros(`${gateway.url}/upload/v1beta/files?upload_id=${uploadId}`, bytes);
  clearInterval(timer);
  expect(received).toBe('final');
  expect(upstream.pieces.at(-1)?.bytes).toBe(bytes);
  // Buffering would cost 200 MiB; 120 leaves room for the pieces on their way and for what the collector has not taken yet.
  expect(peak - before).toBeLessThan(120);
});

/** Sends as fast as the other side takes it. @returns the status header of the answer */
function sendZeros(url: string, bytes: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = {
      'x-goog-upload-command': 'upload, finalize',
      'x-goog-upload-offset': '0',
      'content-length': bytes,
    };
    const outgoing = request(url, { method: 'POST', headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.headers['x-goog-upload-status']));
    });
    outgoing.once('error', reject);
    const block = Buffer.alloc(256 * 1024);
    let left = bytes;
    const push = (): void => {
      while (left > 0) {
        left -= block.length;
        if (!outgoing.write(block)) return void outgoing.once('drain', push);
      }
      outgoing.end();
    };
    push();
  });
}
