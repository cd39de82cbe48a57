import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitForCalls } from '../../helpers/analytics-client.ts';
import { runGateway, startTestGateway, type TestGateway } from '../../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../../helpers/scripted-upstream.ts';

let directory: string;
let upstream: ScriptedUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'aism-commands-'));
  upstream = await startScriptedUpstream();
  upstream.answer('chat/completions', {
    headers: { 'content-type': 'application/json' },
    pieces: [
      JSON.stringify({
        id: 'x',
        model: 'gpt-4o-mini',
        choices: [{ finish_reason: 'stop' }],
        usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
      }),
    ],
  });
  gateway = await startTestGateway({ upstreams: [`openai=${upstream.url}`], dataDir: join(directory, 'data') });
  for (const user of ['=cmd()', 'bob']) {
    const response = await fetch(new URL('/openai/v1/chat/completions', gateway.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-aism-user': user },
      body: '{"model":"gpt-4o-mini","messages":[]}',
    });
    await response.text();
  }
  await waitForCalls(gateway, 2);
});
afterAll(async () => {
  if (gateway.child.exitCode === null) await gateway.stop();
  await upstream.stop();
  rmSync(directory, { recursive: true, force: true });
});

const run = (...args: readonly string[]) => runGateway([...args, '--data-dir', join(directory, 'data')]);
const exported = async (...args: readonly string[]): Promise<readonly string[]> => {
  const out = join(directory, 'out.csv');
  const { code, stderr } = await run('export', '--out', out, '--range', '1h', ...args);
  expect([code, stderr]).toEqual([0, '']);
  return readFileSync(out, 'utf8').trimEnd().split('\r\n');
};

describe('while the gateway runs', () => {
  it('export writes what it holds, filtered, with formulas disarmed', async () => {
    const lines = await exported();
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^callId,streamId,seq,startedAt,/);
    expect(lines.join('\n')).toContain(",'=cmd(),");
    expect(await exported('--filter', 'user=bob')).toHaveLength(2);
    expect((await exported('--question', 'models'))[1]).toMatch(/^openai,gpt-4o-mini,2,1,6,4,/);
  });

  it('export to stdout prints the same', async () => {
    const { stdout } = await run('export', '--out', '-', '--range', '1h', '--filter', 'user=bob');
    expect(stdout.trimEnd().split('\r\n')).toHaveLength(2);
  });

  it('export names a bad filter and leaves no file behind', async () => {
    const out = join(directory, 'none.csv');
    const { code, stderr } = await run('export', '--out', out, '--filter', 'colour=red');
    expect(code).toBe(2);
    expect(stderr).toContain('colour');
    expect(readdirSync(directory).some((name) => name.startsWith('none.csv'))).toBe(false);
    expect((await run('export')).stderr).toContain('--out is missing');
    expect((await run('export', '--out', join(directory, 'no', 'dir.csv'))).code).toBe(2);
  });

  it('dashboard prints a new link that lets a browser in', async () => {
    const { stdout, code } = await run('dashboard');
    expect(code).toBe(0);
    expect((await fetch(stdout.trim(), { redirect: 'manual' })).status).toBe(303);
  });

  it('doctor and journal check find nothing wrong', async () => {
    const check = await run('journal', 'check');
    expect([check.code, check.stdout]).toEqual([0, expect.stringContaining('The journal is whole.')]);
    const doctor = await run(
      'doctor',
      '--upstream',
      `openai=${upstream.url}`,
      '--upstream',
      'gemini=http://127.0.0.1:9',
      '--upstream',
      'anthropic=http://127.0.0.1:9',
    );
    expect(doctor.stdout).toMatch(/ok +upstream openai/);
    expect(doctor.stdout).toMatch(/note +upstream gemini/);
    expect(doctor.stdout).toContain(String(gateway.pid));
    expect(doctor.code).toBe(0);
  });
});

describe('while no gateway runs', () => {
  beforeAll(() => gateway.stop());

  it('export opens the files itself and leaves them free', async () => {
    expect(await exported()).toHaveLength(3);
    expect(await exported('--filter', 'user=bob')).toHaveLength(2);
  });

  it('doctor opens every part', async () => {
    const { code, stdout } = await run(
      'doctor',
      ...['openai', 'gemini', 'anthropic'].flatMap((name) => ['--upstream', `${name}=${upstream.url}`]),
    );
    expect(stdout).toMatch(/ok +database/);
    expect(stdout).toMatch(/ok +journal integrity +2 rows/);
    expect(code).toBe(0);
  });

  it('sample remove finds nothing to remove, and dashboard says that none runs', async () => {
    expect((await run('sample', 'remove')).stdout).toContain('Removed 0 sample rows.');
    expect(await run('dashboard')).toMatchObject({ code: 1, stderr: expect.stringContaining('No gateway runs') });
  });
});
