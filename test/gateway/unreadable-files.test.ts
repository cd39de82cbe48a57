/**
 * A file of the data directory that cannot be read for a while is not a damaged one: through a real gateway that is started on it. A link that
 * leads to itself stands for every read error, because nobody can read it, the superuser neither.
 */
import { lstatSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PricesState } from '../../contract/prices.ts';
import { AlertsState, ThresholdsState } from '../../contract/thresholds.ts';
import { allCalls, getJson, health } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { waitFor } from '../helpers/wait-for.ts';

const answer = JSON.stringify({
  candidates: [{ content: { parts: [{ text: 'hello' }], role: 'model' }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 1_000, candidatesTokenCount: 100, totalTokenCount: 1_100 },
  modelVersion: 'gemini-2.5-flash',
});
const thresholds = { budgets: [{ id: 'b1', name: 'Research', period: 'day', limitUsd: 1000, filter: {} }] };
const overrides = [{ provider: 'google', model: '*', inputPerMillionUsd: 2, outputPerMillionUsd: 8 }];

let dataDir: string;
let upstream: ScriptedUpstream;
let keyId: string | null;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'aism-unreadable-'));
  upstream = await startScriptedUpstream();
  upstream.answer('generateContent', { headers: { 'content-type': 'application/json' }, pieces: [answer] });
  await withGateway(async (gateway) => {
    await put(gateway, '/api/thresholds', thresholds);
    await put(gateway, '/api/prices', { overrides });
    await snooze(gateway);
    keyId = await keyOfNextCall(gateway);
  });
}, 60_000);
afterAll(async () => {
  await upstream.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function withGateway(work: (gateway: TestGateway) => Promise<void>): Promise<void> {
  const gateway = await startTestGateway({ upstreams: [`gemini=${upstream.url}`], dataDir, readyMs: 30_000 });
  try {
    await work(gateway);
  } finally {
    await gateway.stop();
  }
}

function send(gateway: TestGateway, method: string, path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return gateway.fetch(path, { method, headers, body: JSON.stringify(body) });
}
const put = (gateway: TestGateway, path: string, body: unknown) => send(gateway, 'PUT', path, body);
const snooze = (gateway: TestGateway) => send(gateway, 'POST', '/api/alerts/snooze', { minutes: 10_000 });

/** Sends a call with the one key, and gives the identity its row has. */
async function keyOfNextCall(gateway: TestGateway): Promise<string | null> {
  const response = await fetch(new URL('/gemini/v1beta/models/gemini-2.5-flash:generateContent', gateway.url), {
    method: 'POST',
    body: '{"contents":[]}',
    headers: { 'x-goog-api-key': 'AIza-one-and-the-same-key-1234' },
  });
  expect(await response.text()).toBe(answer);
  const callId = response.headers.get('x-aism-call-id');
  const row = await waitFor('the row', async () => (await allCalls(gateway)).find((call) => call.callId === callId));
  return row.keyId;
}

interface Case {
  /** What would replace the file: refused with 503 while it is unknown. */
  readonly replace: (gateway: TestGateway) => Promise<Response>;
  readonly meanwhile: (gateway: TestGateway) => Promise<void>;
  readonly afterwards: (gateway: TestGateway) => Promise<void>;
}

const cases: Readonly<Record<string, Case>> = {
  'install.json': {
    replace: (gateway) => put(gateway, '/api/thresholds', thresholds), // nothing replaces the identity; this does not depend on it
    meanwhile: async (gateway) => expect(await keyOfNextCall(gateway)).toBe(keyId), // the journal has a copy
    afterwards: async (gateway) => expect(await keyOfNextCall(gateway)).toBe(keyId),
  },
  'thresholds.json': {
    replace: (gateway) => put(gateway, '/api/thresholds', { budgets: [] }),
    meanwhile: async (gateway) => {
      const { fault } = ThresholdsState.parse(await getJson(gateway, '/api/thresholds'));
      expect(fault).toMatch(/^thresholds\.json cannot be read \(ELOOP\)/);
    },
    afterwards: async (gateway) => {
      const state = ThresholdsState.parse(await getJson(gateway, '/api/thresholds'));
      expect(state).toMatchObject({ thresholds, fault: null, setAside: null });
    },
  },
  'alerts.json': {
    replace: snooze,
    meanwhile: async (gateway) => {
      expect(AlertsState.parse(await getJson(gateway, '/api/alerts')).checkedAt).toBeNull();
    },
    afterwards: async (gateway) => {
      expect(AlertsState.parse(await getJson(gateway, '/api/alerts')).snoozedUntil).not.toBeNull();
    },
  },
  'prices.json': {
    replace: (gateway) => put(gateway, '/api/prices', { overrides: [] }),
    meanwhile: async (gateway) => {
      const { overridesFault } = PricesState.parse(await getJson(gateway, '/api/prices'));
      expect(overridesFault).toBe('prices.json cannot be read (ELOOP).');
    },
    afterwards: async (gateway) => {
      expect(PricesState.parse(await getJson(gateway, '/api/prices'))).toMatchObject({
        overrides,
        overridesFault: null,
      });
    },
  },
};

const replacedStatus = (name: string): number => (name === 'install.json' ? 200 : 503);

describe('a gateway that starts while a file cannot be read', () => {
  it.each(Object.entries(cases))(
    'proxies, says so, keeps %s as it is and takes it over when it can be read',
    async (name, { replace, meanwhile, afterwards }) => {
      const path = join(dataDir, name);
      renameSync(path, join(dataDir, 'elsewhere'));
      symlinkSync(name, path);
      await withGateway(async (gateway) => {
        const { status, checks } = await health(gateway);
        expect([status, checks.files.state]).toEqual(['degraded', 'degraded']);
        expect(checks.files.detail).toContain(`${name} cannot be read (ELOOP).`);
        await keyOfNextCall(gateway); // the answer is the upstream's, and the row is there
        await meanwhile(gateway);
        const replaced = await replace(gateway);
        expect([replaced.status, await replaced.text()]).toEqual([
          replacedStatus(name),
          expect.stringContaining(name === 'install.json' ? 'budgets' : name),
        ]);
        expect(lstatSync(path).isSymbolicLink()).toBe(true);
        expect(readdirSync(dataDir).filter((file) => /damaged|corrupt/.test(file))).toEqual([]);

        rmSync(path);
        renameSync(join(dataDir, 'elsewhere'), path);
        await waitFor('the file', async () => (await health(gateway)).checks.files.state === 'ok', 20_000);
        await afterwards(gateway);
      });
    },
    90_000,
  );
});
