/** P5: a team that wants no user names gets none: not in the data directory, on the live feed, in REST or CSV, wherever a client puts them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import WebSocket from 'ws';
import { wsProtocol, wsTokenProtocolPrefix } from '../../contract/gateway-api.ts';
import { allCalls, waitForCalls } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../helpers/scripted-upstream.ts';

const mark = 'CANARY9b1c';
const names = [`${mark}-of-the-header`, `${mark}-of-openai`, `${mark}-of-anthropic`] as const;

let upstream: ScriptedUpstream;
let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'aism-users-'));
  upstream = await startScriptedUpstream();
});
afterEach(async () => {
  await upstream.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const calls: readonly (readonly [string, Record<string, string>, object])[] = [
  ['/gemini/v1beta/models/gemini-2.5-flash:generateContent', { 'x-aism-user': names[0] }, { contents: [] }],
  ['/openai/v1/chat/completions', {}, { model: 'gpt-4.1', messages: [], user: names[1] }],
  ['/anthropic/v1/messages', {}, { model: 'claude-sonnet-4-5', messages: [], metadata: { user_id: names[2] } }],
];

async function callAll(gateway: TestGateway): Promise<void> {
  for (const [path, headers, body] of calls) {
    const answer = await fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    await answer.text();
  }
}

async function listen(gateway: TestGateway, frames: string[]): Promise<WebSocket> {
  const protocols = [wsProtocol, wsTokenProtocolPrefix + gateway.token];
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/ws/analytics`, protocols);
  socket.on('message', (data) => frames.push(String(data)));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
}

const filesHolding = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(mark));

/** User ids of the calls, and every place that holds a name as it was said. */
async function kept(policy: string): Promise<{ readonly users: (string | null)[]; readonly leaks: string[] }> {
  const gateway = await startTestGateway({
    upstreams: ['gemini', 'openai', 'anthropic'].map((name) => `${name}=${upstream.url}`),
    dataDir,
    args: ['--user-ids', policy],
  });
  const frames: string[] = [];
  const socket = await listen(gateway, frames);
  await callAll(gateway);
  await waitForCalls(gateway, calls.length);
  const users = (await allCalls(gateway)).map(({ userId }) => userId);
  const csv = await (await gateway.fetch('/api/analytics/calls?range=1h&format=csv')).text();
  socket.terminate();
  await gateway.stop();
  expect(frames.join('\n')).toContain('gpt-4.1'); // the feed was heard
  const said = [...frames, csv, gateway.log.join('\n')].filter((text) => text.includes(mark));
  return { users, leaks: [...said, ...filesHolding(dataDir)] };
}

it('keeps hashes that tell users apart, and no name', async () => {
  const { users, leaks } = await kept('hashed');
  expect(leaks).toEqual([]);
  expect(new Set(users).size).toBe(3);
  for (const user of users) expect(user).toMatch(/^user-[0-9a-f]{12}$/);
});

it('keeps nothing of users at all', async () => {
  expect(await kept('none')).toEqual({ users: [null, null, null], leaks: [] });
});

it('keeps names as said when told so, which shows that the search finds them', async () => {
  const { users, leaks } = await kept('plain');
  expect(users.toSorted()).toEqual(names.toSorted());
  expect(leaks).not.toEqual([]);
});
