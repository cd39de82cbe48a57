/** Calls that the journal has no room for: every place that counts calls agrees about them, and the log says when they begin and end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Realtime } from '../../contract/gateway-api.ts';
import type { ParentMessage } from '../../contract/snowflake.ts';
import { quickPath, scriptGemini } from '../campaign/gemini-script.ts';
import { startLoad } from '../campaign/load.ts';
import { askQuestion, getJson, health } from '../helpers/analytics-client.ts';
import { warehousePid } from '../helpers/child-processes.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { waitFor } from '../helpers/wait-for.ts';

let upstream: ScriptedUpstream;
let gateway: TestGateway;
beforeEach(async () => {
  upstream = await startScriptedUpstream();
  scriptGemini(upstream);
  const args = ['--journal-cap-mb', '1'];
  gateway = await startTestGateway({ upstreams: [`gemini=${upstream.url}`], args });
  // No Snowflake: until its parent has spoken, a gateway keeps rows for one.
  const message: ParentMessage = {
    kind: 'configure',
    snowflake: null,
    retention: { localDays: null, snowflakeDays: null },
  };
  gateway.child.stdin?.write(`${JSON.stringify(message)}\n`);
});
afterEach(async () => {
  await gateway.stop();
  await upstream.stop();
});

const today = async (): Promise<Realtime['today']> =>
  Realtime.parse(await getJson(gateway, '/api/analytics/realtime')).today;
const logged = (event: string): Record<string, unknown>[] =>
  gateway.log.filter((line) => line.includes(`"${event}"`)).map((line) => JSON.parse(line));

async function callUntil(done: () => Promise<boolean>): Promise<void> {
  const load = startLoad({ url: () => `${gateway.url}/gemini`, workers: 8, path: () => quickPath });
  await waitFor('enough calls', done, 60_000);
  await load.stop();
  expect(load.failures()).toBe(0);
}

describe('calls at the cap of the journal', () => {
  it('are counted alike by health, metrics and today, are missing in the charts by just that number, and make two lines', async () => {
    const pid = await waitFor('the warehouse process', () => warehousePid(gateway.pid));
    process.kill(pid, 'SIGSTOP');
    await callUntil(async () => (await health(gateway)).checks.journal.lostRows > 50);
    const { checks } = await health(gateway);
    const { lostRows } = checks.journal;
    expect(checks.journal.detail).toContain(`New calls are not recorded (${lostRows} so far)`);
    const before = await today();
    expect(before.notRecorded).toBe(lostRows);
    expect(before.calls).toBeGreaterThan(lostRows);
    expect(await (await gateway.fetch('/metrics')).text()).toContain(`aism_journal_lost_rows_total ${lostRows}\n`);
    expect(logged('CallsNotRecorded')).toEqual([
      expect.objectContaining({ level: 'error', detail: expect.stringContaining('at its limit of 1 MB') }),
    ]);

    process.kill(pid, 'SIGCONT');
    const charted = async (): Promise<number> => (await askQuestion(gateway, 'metrics')).totals.calls;
    await waitFor('the recorded calls', async () => (await charted()) === before.calls - lostRows, 30_000);
    await waitFor(
      'calls to be recorded again',
      async () => {
        await sleep(300); // for the journal to make room: a quick load would fill it again
        await (await fetch(`${gateway.url}/gemini${quickPath}`, { method: 'POST', body: '{"contents":[]}' })).text();
        return logged('CallsRecordedAgain').length > 0;
      },
      30_000,
    );
    const after = await today();
    expect(logged('CallsRecordedAgain')).toMatchObject([{ level: 'warn', notRecorded: after.notRecorded }]);
    expect(after.notRecorded).toBe((await health(gateway)).checks.journal.lostRows);
    await waitFor('the later calls', async () => (await charted()) === after.calls - after.notRecorded, 30_000);
  }, 150_000);
});
