/** A real supervisor over a gateway that can be told to misbehave (fake-gateway.ts). */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { GatewaySupervisor } from '../../main/gateway-process.ts';
import { createSettingsChange } from '../../main/gateway-settings-change.ts';
import { choiceFrom, gatewayFlags } from '../../main/gateway-settings.ts';
import { openSettings, type SettingsStore } from '../../main/settings.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { fakeGatewayCommand, startsOf } from './fake-gateway.ts';

let dataDir = '';
let settings: SettingsStore;
let supervisors: GatewaySupervisor[] = [];
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const settingsFile = (): string => join(dataDir, 'app', 'settings.json');

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'aism change '));
  settings = await openSettings(settingsFile());
  supervisors = [];
});
afterEach(async () => {
  await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
  await rm(dataDir, { recursive: true, force: true });
});

async function running(plan: readonly string[], locked: string | null = null) {
  const flags = (): readonly string[] => gatewayFlags(settings.current().gateway);
  const supervisor = new GatewaySupervisor({
    command: fakeGatewayCommand(dataDir, plan),
    dataDir,
    port: () => 0,
    extraArgs: flags,
    log: silent,
    times: { readyMs: 5000, askAgainMs: 200, killMs: 600, backOff: { firstMs: 40, longestMs: 160 } },
  });
  supervisors.push(supervisor);
  supervisor.start();
  await waitFor('the gateway', async () => supervisor.state().phase === 'running');
  const save = createSettingsChange({
    supervisor,
    settings,
    startsWith: () => [String(settings.current().port), ...flags()],
    locked: () => locked,
    portIsGiven: () => true,
  });
  return { supervisor, save };
}

const wanted = { port: 8787, ...choiceFrom({}), drainMs: 5000 };
const onDisk = async (): Promise<unknown> => JSON.parse(await readFile(settingsFile(), 'utf8'));

it('restarts the gateway with what was saved', async () => {
  const { save, supervisor } = await running(['serve']);
  await save(wanted);
  expect(supervisor.state().phase).toBe('running');
  const starts = await startsOf(dataDir);
  expect(starts).toHaveLength(2);
  expect(starts[1]?.args.join(' ')).toContain('--drain-ms 5000');
  expect(await onDisk()).toMatchObject({ gateway: { drainMs: 5000 }, port: 8787 });
});

it('restarts nothing when nothing changed that the gateway starts with', async () => {
  const { save } = await running(['serve']);
  await save(wanted);
  await save(wanted);
  expect(await startsOf(dataDir)).toHaveLength(2);
});

it.each([
  ['refuses them', 'usage', '--upstream wants name=url', 'upstreams'],
  ['finds its port taken', 'port', 'is taken by process 4242', 'port'],
  ['crashes', 'crash', 'did not start (code 1: the wheel came off)', null],
])('goes back to the old settings when the gateway %s', async (_what, mode, why, field) => {
  const { save, supervisor } = await running(['serve', mode, 'serve']);
  const failure: unknown = await save(wanted).catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: expect.stringContaining(why) });
  expect(failure).toMatchObject({ message: expect.stringContaining('The settings are as before.') });
  expect(failure).toMatchObject({ message: expect.not.stringContaining('Trying again') });
  expect(failure instanceof Error && 'field' in failure ? failure.field : undefined).toBe(field ?? undefined);
  expect(settings.current().gateway).toBeNull();
  expect(await onDisk()).toMatchObject({ gateway: null });
  expect(supervisor.state().phase).toBe('running');
  const starts = await startsOf(dataDir);
  expect(starts.at(-1)?.args).toEqual(starts[0]?.args);
});

it('says so when the gateway does not start with the old ones either', async () => {
  const { save } = await running(['serve', 'usage', 'usage']);
  await expect(save(wanted)).rejects.toThrow('does not start with the old ones either');
});

it('leaves a gateway of another program alone', async () => {
  const { save } = await running(['serve'], 'This gateway was started by another program.');
  await expect(save(wanted)).rejects.toMatchObject({ code: 'not_supported_here' });
  expect(await startsOf(dataDir)).toHaveLength(1);
});

it('refuses a second change while one is under way, and what the check refuses', async () => {
  const { save } = await running(['serve']);
  const first = save(wanted);
  await expect(save({ ...wanted, drainMs: 1 })).rejects.toMatchObject({ code: 'busy' });
  await first;
  await expect(save({ ...wanted, host: '0.0.0.0' })).rejects.toMatchObject({ field: 'tlsCert' });
  expect(settings.current().gateway).toMatchObject({ drainMs: 5000, host: '127.0.0.1' });
});
