/** What a person would send to a stranger, made of a real gateway and of logs that hold everything they must not. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GatewayStatus } from '../../../contract/ipc.ts';
import { collectDiagnostics, type DiagnosticsParts } from '../../../main/diagnostics/diagnostics.ts';
import { createGatewayRest } from '../../../main/gateway-rest.ts';
import { Settings } from '../../../main/settings.ts';
import { waitForCalls } from '../../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../../helpers/scripted-upstream.ts';

const mark = 'CANARY5e21';
const canary = (place: string): string => `${mark}${place}`;

let home = '';
let upstream: ScriptedUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'aism home '));
  upstream = await startScriptedUpstream();
  const dataDir = join(home, 'data');
  await mkdir(dataDir);
  gateway = await startTestGateway({
    upstreams: [`gemini=${upstream.url}`],
    dataDir,
    env: { AISM_LOG_LEVEL: 'trace' },
  });
  await writeFile(join(home, 'main.log'), [...plantedLines, 'the last line is here'].join('\n'));
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
  await rm(home, { recursive: true, force: true });
});

const plantedLines = [
  `Authorization: Bearer sk-${canary('bearer')}`,
  `{"level":"warn","userId":"${canary('user')}","sessionId":"${canary('session')}","keyId":"${canary('key')}…"}`,
  `[gateway] {"err":"{\\"user\\":\\"${canary('escaped')}\\"}"}`,
  `GET /v1beta/models?key=AIza${canary('query')}&other=${canary('other')}`,
  `fetch https://api.example.com/v1?note=${canary('absolute')} failed`,
  `x-aism-user: ${canary('header')} x-aism-session=${canary('session2')}`,
  `{"tags":{"team":"${canary('tag')}"},"remoteAddress":"${canary('address')}"}`,
  `mail to ${canary('mail')}@example.com`,
  `token ${'ab12'.repeat(16)}`,
  'login of ana@desk-of-ana, program of anaconda',
];

const status: GatewayStatus = {
  phase: 'running',
  detail: 'Running',
  url: 'http://127.0.0.1:1',
  live: 'connected',
  liveSince: null,
  retryInMs: null,
  suggestedPort: null,
};

function settings(): Settings {
  const filter = { user: [canary('filter')] };
  return Settings.parse({
    ui: { savedFilters: [{ name: canary('name'), search: canary('search'), filter }], theme: 'dark' },
    snowflake: {
      profile: {
        account: canary('account'),
        user: canary('snowuser'),
        authenticator: 'SNOWFLAKE_JWT',
        warehouse: canary('WH'),
        database: canary('DB'),
        schema: canary('SC'),
        role: canary('role'),
        accessUrl: null,
        oauth: null,
        disableOcspChecks: false,
      },
      delivery: {},
    },
    toldAlerts: [canary('alert')],
  });
}

const parts = (change: Partial<DiagnosticsParts> = {}): DiagnosticsParts => ({
  facts: () => ({ app: '0.1.0', system: 'linux x64', displays: ['1024×700 at 1'] }),
  settings,
  status: () => status,
  rest: createGatewayRest(() => ({ url: gateway.url, token: gateway.token })),
  logs: [
    { name: 'the app', path: join(home, 'main.log') },
    { name: 'the gateway', path: join(home, 'data', 'logs', 'gateway.log') },
  ],
  privateParts: () => ({ home, names: ['ana', 'desk-of-ana'], tokens: [gateway.token] }),
  now: () => new Date('2026-11-24T08:09:10Z'),
  ...change,
});

async function callWithSecrets(): Promise<void> {
  const answer = await fetch(
    `${gateway.url}/gemini/v1beta/models/gemini-2.5-flash:generateContent?key=${canary('call')}`,
    {
      method: 'POST',
      headers: { 'x-aism-user': canary('caller'), 'x-aism-session': canary('calls'), cookie: canary('cookie') },
      body: JSON.stringify({ contents: [{ parts: [{ text: canary('prompt') }] }] }),
    },
  );
  await answer.text();
}

describe('the diagnostics', () => {
  it('hold nothing private: no key, token, user, session, tag, prompt, query value, account or home', async () => {
    await callWithSecrets();
    await waitForCalls(gateway, 1);
    const { text } = await collectDiagnostics(parts());
    expect(text).not.toContain(mark);
    expect(text).not.toContain(gateway.token);
    expect(text).not.toContain('ab12ab12');
    expect(text).not.toContain(home);
    expect(text).not.toMatch(/\bana\b/);
    expect(text).toContain('program of anaconda'); // names are taken out as words
    expect(text).toContain('the last line is here');
  });

  it('say what helps: versions, settings, health with counts, the logs of both', async () => {
    const { text, fileName } = await collectDiagnostics(parts());
    expect(fileName).toBe('ai-studio-monitor-diagnostics-2026-11-24-08-09-10.txt');
    expect(text).toContain('system: linux x64');
    expect(text).toMatch(/"theme": "dark"/);
    expect(text).toMatch(/"savedFilters": 1/);
    expect(text).toMatch(/"authenticator": "SNOWFLAKE_JWT"/);
    expect(text).toMatch(/"dataDir": "~\/data"/);
    expect(text).toMatch(/"journal": \{[^}]*"rows": 1/);
    expect(text).toMatch(/Last lines of the gateway\n.*\{/s);
    expect(text.match(/^== /gm)).toHaveLength(8);
  });

  it('are made when the gateway does not answer and no log was written, and say so', async () => {
    const { text } = await collectDiagnostics(
      parts({ rest: createGatewayRest(() => null), logs: [{ name: 'the app', path: join(home, 'none.log') }] }),
    );
    expect(text).toContain('"unknown": "The gateway is not running."');
    expect(text).toContain('Last lines of the app\n(empty)');
  });

  it('hold the last 200 lines of a long log', async () => {
    const path = join(home, 'long.log');
    await writeFile(path, Array.from({ length: 40_000 }, (_, index) => `line number ${index}`).join('\n'));
    const { text } = await collectDiagnostics(parts({ logs: [{ name: 'the app', path }] }));
    expect(text.match(/line number \d+/g)).toHaveLength(200);
    expect(text).toContain('line number 39999');
  });
});
