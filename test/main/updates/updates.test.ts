import { expect, it } from 'vitest';
import type { UpdateState } from '../../../contract/app-settings.ts';
import type { UpdateSource } from '../../../main/updates/update-source.ts';
import { Updates, type UpdatesParts } from '../../../main/updates/updates.ts';
import { waitFor } from '../../helpers/wait-for.ts';

/** A source that notes what is asked of it; electron-updater itself runs in test/e2e/app-settings.e2e.ts. */
function scripted(source: Partial<UpdateSource> = {}, parts: Partial<UpdatesParts> = {}) {
  const asked: string[] = [];
  const told: UpdateState[] = [];
  let mode: UpdateState['mode'] = 'off';
  const noted =
    <A extends unknown[], R>(name: string, work: (...args: A) => R) =>
    (...args: A): R => {
      asked.push(name);
      return work(...args);
    };
  const updates = new Updates({
    unsupported: null,
    version: '0.1.0',
    mode: () => mode,
    saveMode: async (next) => {
      mode = next;
    },
    source: {
      look: noted('look', source.look ?? (async () => null)),
      download: noted('download', source.download ?? (async () => undefined)),
      restart: noted('restart', source.restart ?? (() => undefined)),
    },
    tell: (state) => told.push(state),
    times: { firstLookMs: 5, everyMs: 60_000 },
    ...parts,
  });
  return { updates, asked, told };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const reached = (updates: Updates, phase: UpdateState['phase']) =>
  waitFor(`the phase ${phase}`, async () => updates.state().phase === phase);

it('asks nothing while updates are off, at the start, by the clock or by hand', async () => {
  const { updates, asked } = scripted();
  updates.start();
  await expect(updates.check()).rejects.toMatchObject({ message: expect.stringContaining('Updates are off') });
  await expect(updates.install()).rejects.toThrow('Updates are off');
  await pause(40);
  expect(asked).toEqual([]);
  expect(updates.state()).toMatchObject({ mode: 'off', phase: 'idle', detail: expect.stringContaining('No request') });
});

it('looks at once when switched on, and says that this is the newest', async () => {
  const { updates, asked } = scripted();
  await updates.saveMode('check');
  await reached(updates, 'none');
  expect(updates.state()).toMatchObject({ detail: '0.1.0 is the newest version.', checkedAt: expect.any(String) });
  expect(asked).toEqual(['look']);
  updates.stop();
});

it('looks again by the clock', async () => {
  const { updates, asked } = scripted({}, { times: { firstLookMs: 1, everyMs: 10 } });
  await updates.saveMode('check');
  await waitFor('three looks', async () => asked.length >= 3);
  expect(new Set(asked)).toEqual(new Set(['look']));
  updates.stop();
});

it('downloads and restarts only on request, a step at a time', async () => {
  const { updates, asked, told } = scripted({
    look: async () => '0.2.0',
    download: async (onPercent) => [0.2, 0.9, 41, 41.4, 100].forEach(onPercent),
  });
  await updates.saveMode('check');
  await reached(updates, 'available');
  await pause(20);
  expect(asked).toEqual(['look']);
  expect(await updates.install()).toMatchObject({ phase: 'ready', version: '0.2.0' });
  expect(told.filter(({ phase }) => phase === 'downloading').map(({ percent }) => percent)).toEqual([0, 41, 100]);
  await updates.install();
  expect(asked).toEqual(['look', 'download', 'restart']);
  updates.stop();
});

it('stops a download when updates are switched off, and forgets what was found', async () => {
  const { updates } = scripted({
    look: async () => '0.2.0',
    download: (_onPercent, stopped) =>
      new Promise((_resolve, reject) => stopped.addEventListener('abort', () => reject(new Error('cancelled')))),
  });
  await updates.saveMode('check');
  await reached(updates, 'available');
  const installing = updates.install();
  await reached(updates, 'downloading');
  await updates.saveMode('off');
  await installing;
  expect(updates.state()).toMatchObject({ mode: 'off', phase: 'idle', version: null, percent: null });
});

it('says what went wrong in plain words, and may be tried again', async () => {
  let failures = 1;
  const refused = Object.assign(new Error('net::ERR_CONNECTION_REFUSED'), { code: 'ERR_X' });
  const { updates } = scripted({
    look: async () => '0.2.0',
    download: async () => {
      if (failures-- > 0) throw refused;
    },
  });
  await updates.saveMode('check');
  await reached(updates, 'available');
  expect(await updates.install()).toMatchObject({
    phase: 'failed',
    version: '0.2.0',
    detail: 'The update server refuses the connection.',
  });
  expect(await updates.install()).toMatchObject({ phase: 'ready' });
  updates.stop();
});

it('stays here with the reason when the new version cannot be put in place', async () => {
  const { updates } = scripted({
    look: async () => '0.2.0',
    restart: () => {
      throw Object.assign(new Error('unlink'), { code: 'EACCES' });
    },
  });
  await updates.saveMode('check');
  await reached(updates, 'available');
  await updates.install();
  expect(await updates.install()).toMatchObject({
    phase: 'failed',
    detail: expect.stringContaining('may not replace'),
  });
  updates.stop();
});

it('cannot be switched on where the app is updated by others', async () => {
  const { updates, asked } = scripted({}, { unsupported: 'The package manager of this system updates it.' });
  await expect(updates.saveMode('check')).rejects.toMatchObject({ code: 'not_supported_here' });
  expect(updates.state()).toMatchObject({ mode: 'off', unsupported: expect.stringContaining('package manager') });
  expect(asked).toEqual([]);
});
