/** What becomes of calls when the data directory itself goes away, changes hands or has no room. */
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayFile, Health } from '../../contract/gateway-api.ts';
import { askQuestion } from '../helpers/analytics-client.ts';
import { runGateway, startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { waitFor } from '../helpers/wait-for.ts';

const slowMs = 30_000;
let upstream: ScriptedUpstream;
let base: string;
let dataDir: string;
const running = new Set<TestGateway>();

beforeAll(async () => {
  upstream = await startScriptedUpstream();
  upstream.answer('generateContent', {
    headers: { 'content-type': 'application/json' },
    pieces: ['{"candidates":[]}'],
  });
});
afterAll(() => upstream.stop());
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'aism-data-dir-'));
  dataDir = join(base, 'data');
});
afterEach(async () => {
  await Promise.all([...running].map((gateway) => gateway.stop()));
  running.clear();
  rmSync(base, { recursive: true, force: true });
});

async function start(options: { readonly withoutFile?: boolean } = {}): Promise<TestGateway> {
  const gateway = await startTestGateway({
    dataDir,
    upstreams: [`gemini=${upstream.url}`],
    readyMs: slowMs,
    ...options,
  });
  running.add(gateway);
  return gateway;
}

async function stop(gateway: TestGateway): Promise<void> {
  running.delete(gateway);
  await gateway.stop();
}

async function call(gateway: TestGateway, times: number): Promise<void> {
  for (let sent = 0; sent < times; sent += 1) {
    const url = new URL('/gemini/v1beta/models/gemini-2.5-flash:generateContent', gateway.url);
    const response = await fetch(url, { method: 'POST', headers: { 'x-goog-api-key': 'k' }, body: '{}' });
    expect(response.status).toBe(200);
    await response.text();
  }
}

const journalOf = async (gateway: TestGateway): Promise<Health['checks']['journal']> =>
  Health.parse(await (await gateway.fetch('/api/analytics/health')).json()).checks.journal;

const untilCalls = (gateway: TestGateway, calls: number): Promise<unknown> =>
  waitFor(
    `${calls} calls in the database`,
    async () => (await askQuestion(gateway, 'metrics', 'range=1h').catch(() => null))?.totals.calls === calls,
    slowMs,
  );

const remakeDataDir = (): void => {
  rmSync(dataDir, { recursive: true });
  mkdirSync(dataDir, { mode: 0o700 });
};

describe('a data directory that is removed while the gateway runs', () => {
  it(
    'is said in health with a time; what passes meanwhile is recorded in the one that is made again',
    { timeout: 120_000 },
    async () => {
      const gateway = await start();
      await call(gateway, 3);
      await untilCalls(gateway, 3);
      rmSync(dataDir, { recursive: true });
      await call(gateway, 4);
      const lost = await waitFor('health to say so', async () => {
        const journal = await journalOf(gateway);
        return journal.state !== 'ok' && journal;
      });
      expect(lost.detail).toMatch(/^Calls are not recorded since 20\d\d-.*was removed or replaced/);
      expect(lost.detail).not.toContain('Every call is recorded');
      expect(lost.waitingRows).toBe(4);

      mkdirSync(dataDir, { mode: 0o700 });
      await untilCalls(gateway, 4);
      const back = await journalOf(gateway);
      expect(back.state).toBe('degraded');
      expect(back.detail).toContain('calls recorded before are missing');
      const second = await runGateway(['--port', '0', '--data-dir', dataDir]);
      expect([second.code, second.stderr]).toEqual([expect.any(Number), expect.stringContaining('already_running')]);
      await call(gateway, 2);
      await stop(gateway);
      await untilCalls(await start(), 6);
    },
  );

  it('and is another gateway’s by now is left to that one, its gateway.json too', { timeout: 120_000 }, async () => {
    const first = await start();
    await call(first, 3);
    await untilCalls(first, 3);
    process.kill(first.pid, 'SIGSTOP');
    remakeDataDir();
    const second = await start();
    process.kill(first.pid, 'SIGCONT');

    await call(first, 2);
    const { detail } = await waitFor('the first one to say that it records nothing', async () => {
      const journal = await journalOf(first);
      return journal.waitingRows === 2 && journal.state !== 'ok' && journal;
    });
    expect(detail).toMatch(/^Calls are not recorded since .* stop the other gateway/);
    await call(second, 1);
    await untilCalls(second, 1);

    await stop(first);
    const file = GatewayFile.parse(JSON.parse(readFileSync(join(dataDir, 'gateway.json'), 'utf8')));
    expect(file.token).toBe(second.token);
    expect((await journalOf(second)).rows).toBe(1);
  });
});

describe('a gateway.json that is lost', () => {
  it('is written again, so that tools find the gateway', async () => {
    const { pid } = await start();
    rmSync(join(dataDir, 'gateway.json'));
    const file = await waitFor(
      'gateway.json',
      () => existsSync(join(dataDir, 'gateway.json')) && join(dataDir, 'gateway.json'),
    );
    expect(GatewayFile.parse(JSON.parse(readFileSync(file, 'utf8'))).pid).toBe(pid);
  });
});

describe('a gateway.json that cannot be written', () => {
  it('keeps no gateway from proxying, and the log names it', async () => {
    mkdirSync(join(dataDir, 'gateway.json', 'x'), { recursive: true });
    const gateway = await start({ withoutFile: true });
    await call(gateway, 2);
    expect(gateway.log.join('\n')).toContain('GatewayFileNotWritten');
  });
});

describe.runIf(process.getuid?.() === 0 && process.platform === 'linux')('a disk', () => {
  beforeEach(() => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', base]);
  });
  afterEach(() => execFileSync('umount', ['-l', base]));

  it.each(['with its reserve', 'without its reserve'])(
    'that is full lets a gateway start %s and proxy; rows wait for room',
    { timeout: 120_000 },
    async (reserve) => {
      const before = await start();
      await call(before, 5);
      await untilCalls(before, 5);
      await stop(before);
      if (reserve === 'without its reserve') rmSync(join(dataDir, 'journal.reserve'));
      fillDisk(join(base, 'filling'));

      const gateway = await start({ withoutFile: true });
      await call(gateway, 20);
      const hasFile = existsSync(join(dataDir, 'gateway.json')); // without it nobody can ask
      expect(hasFile ? (await journalOf(gateway)).state : 'degraded').toBe('degraded');
      rmSync(join(base, 'filling'));
      await waitFor('gateway.json', () => existsSync(join(dataDir, 'gateway.json')));
      await untilCalls(gateway, 25);
      expect(
        await waitFor(
          'the journal to be well',
          async () => {
            const journal = await journalOf(gateway);
            return journal.state === 'ok' && journal;
          },
          slowMs,
        ),
      ).toMatchObject({ lostRows: 0, waitingRows: 0 });
    },
  );

  it('that is read-only is refused in words, with the code for a data directory that cannot be used', async () => {
    const before = await start();
    await stop(before);
    execFileSync('mount', ['-o', 'remount,ro', base]);
    const { code, stderr } = await runGateway(['--port', '0', '--data-dir', dataDir]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/data_dir_unusable.*cannot be locked.*read-only file system/);
  });
});

/** To the last byte. */
function fillDisk(path: string): void {
  const file = openSync(path, 'w');
  for (const piece of [Buffer.alloc(1 << 16), Buffer.alloc(1)]) {
    try {
      while (writeSync(file, piece) === piece.length);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
  closeSync(file);
}
