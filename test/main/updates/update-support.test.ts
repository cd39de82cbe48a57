import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { updateFault } from '../../../main/updates/update-faults.ts';
import { whyUnsupported, type Installed } from '../../../main/updates/update-support.ts';

let resourcesPath = '';
beforeEach(async () => {
  resourcesPath = await mkdtemp(join(tmpdir(), 'aism-resources-'));
});
afterEach(() => rm(resourcesPath, { recursive: true, force: true }));

const why = (installed: Partial<Installed>) =>
  whyUnsupported({ packaged: true, platform: 'linux', env: {}, resourcesPath, execPath: '/opt/app/app', ...installed });
const appImage = { env: { APPIMAGE: '/home/ana/app.AppImage' } };

it('says who updates a copy that cannot do it itself', async () => {
  expect(await why({ packaged: false })).toContain('development run');
  expect(await why({})).toContain('package manager');
  expect(await why({ execPath: '/home/ana/app-0.1.0/app' })).toContain('replace its folder');
});

it('needs an address in the build', async () => {
  expect(await why(appImage)).toContain('no address');
  expect(await why({ platform: 'win32' })).toContain('no address');
  await writeFile(join(resourcesPath, 'app-update.yml'), 'provider: generic\nurl: https://updates.example.com\n');
  expect(await why(appImage)).toBeNull();
  expect(await why({ platform: 'win32' })).toBeNull();
  expect(await why({ platform: 'darwin' })).toBeNull();
});

it.each([
  [new Error('net::ERR_NAME_NOT_RESOLVED'), 'no network'],
  [Object.assign(new Error('sha512 checksum mismatch'), { code: 'ERR_CHECKSUM_MISMATCH' }), 'checksum'],
  [Object.assign(new Error('New version is not signed by …'), { code: 'ERR_UPDATER_INVALID_SIGNATURE' }), 'not signed'],
  [new Error('Cannot find latest-linux.yml: HttpError: 404\n headers: {…}'), 'nothing for this system'],
  [new Error('Something new\n    at a stack'), 'Something new'],
])('names the fault of %s', (error, words) => {
  expect(updateFault(error)).toContain(words);
  expect(updateFault(error)).not.toContain('\n');
});
