/** Who an installation is, where nobody but install.json can say it: no journal has a copy. */
import { lstatSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileFaults } from '../../gateway/file-faults.ts';
import { openInstall, type OpenInstall } from '../../gateway/install.ts';
import { silentLog } from '../../gateway/log.ts';
import { lateAttribution } from '../../gateway/usage/attribution.ts';
import { waitFor } from '../helpers/wait-for.ts';

let dataDir: string;
let opened: OpenInstall[];
const path = (): string => join(dataDir, 'install.json');
const away = (): string => join(dataDir, 'elsewhere');

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'aism-install-'));
  opened = [];
});
afterEach(() => {
  for (const install of opened) install.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function open(): Promise<OpenInstall> {
  const install = await openInstall(dataDir, createFileFaults(), silentLog());
  opened.push(install);
  return install;
}

const identify = (install: OpenInstall, userIds: 'plain' | 'hashed') => {
  const attribution = lateAttribution(() => install.salt(), userIds);
  return () => {
    const headers = ['x-api-key', 'sk-one-and-the-same-1234', 'x-aism-user', 'ada'];
    const query = new URLSearchParams();
    const { keyId, userId } = attribution.identify({
      headers,
      query,
      remoteAddress: '127.0.0.1',
      startedAt: new Date(),
    });
    return { keyId, userId: attribution.keepUser(userId) };
  };
};

describe('an identity that cannot be read', () => {
  it('is not made anew: keys and hashed names are unknown until it can be, and then what they were', async () => {
    const before = identify(await open(), 'hashed')();
    expect(before).toEqual({ keyId: expect.stringMatching(/…1234$/), userId: expect.stringMatching(/^user-/) });
    renameSync(path(), away());
    symlinkSync('install.json', path());

    const install = await open();
    expect(install.salt()).toBeNull();
    const hashed = identify(install, 'hashed');
    const plain = identify(install, 'plain');
    expect(hashed()).toEqual({ keyId: null, userId: null });
    expect(plain()).toEqual({ keyId: null, userId: 'ada' });
    expect(lstatSync(path()).isSymbolicLink()).toBe(true);
    expect(readdirSync(dataDir)).toEqual(['elsewhere', 'install.json']);

    rmSync(path());
    renameSync(away(), path());
    await waitFor('the salt', () => install.salt() !== null);
    expect(hashed()).toEqual(before);
    expect(plain()).toEqual({ keyId: before.keyId, userId: 'ada' });
  });
});
