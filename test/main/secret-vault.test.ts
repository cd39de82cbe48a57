import { lstat, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SnowflakeSecrets } from '../../contract/snowflake.ts';
import { openVault } from '../../main/secret-vault.ts';
import { createSecretBox, type SafeStorageLike } from '../../main/secrets.ts';
import { fakeAsyncKeyStore, fakeKeyStore, withoutKeyring } from './fake-safe-storage.ts';

const canaries = SnowflakeSecrets.parse({
  privateKey: '-----BEGIN PRIVATE KEY-----\nCANARY-private-key\n-----END PRIVATE KEY-----\n',
  privateKeyPassphrase: 'CANARY-passphrase',
  token: 'CANARY-token',
  password: 'CANARY-password é',
  oauthClientSecret: 'CANARY-client-secret',
});

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aism-vault-'));
  path = join(folder, 'secrets.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (storage: SafeStorageLike = fakeKeyStore()) =>
  openVault({ path, box: createSecretBox(storage, 'linux'), now: () => new Date('2026-11-23T10:00:00.000Z') });
const onDisk = async (): Promise<string> => {
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')));
  return texts.join('\n');
};
const clear = /CANARY|Q0FOQVJZ/; // also as base64

describe('the vault', () => {
  test('is empty without a file, and writes none', async () => {
    expect((await open()).current()).toEqual({ secrets: SnowflakeSecrets.parse({}), where: null, note: null });
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ['the synchronous key store', fakeKeyStore()],
    ['the promises of newer ones', fakeAsyncKeyStore()],
  ])('gives every secret back after a restart, with %s, and none is on disk in clear', async (_name, storage) => {
    expect(await (await open(storage)).keep(canaries)).toEqual({ secrets: canaries, where: 'keychain', note: null });
    expect((await open(storage)).current()).toEqual({ secrets: canaries, where: 'keychain', note: null });
    expect(await onDisk()).not.toMatch(clear);
    expect(await onDisk()).toContain('oauthClientSecret'); // it is there, sealed
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('keeps secrets in memory where there is no keyring, says so, and writes nothing', async () => {
    const vault = await open(withoutKeyring);
    const kept = await vault.keep(canaries);
    expect(kept).toEqual({
      secrets: canaries,
      where: 'memory',
      note: expect.stringContaining('No keyring is running'),
    });
    expect(vault.current()).toBe(kept);
    expect(await readdir(folder)).toEqual([]);
    expect((await open(withoutKeyring)).current()).toMatchObject({ where: null });
  });

  test('does not bring an older sealed secret back when the newer one could stay in memory only', async () => {
    await (await open()).keep({ ...canaries, token: 'CANARY-old' });
    await (await open(withoutKeyring)).keep(canaries);
    expect((await open()).current().secrets.token).toBeNull();
  });

  test('replaces all secrets, and forgets all', async () => {
    const vault = await open();
    await vault.keep(canaries);
    await vault.keep({ ...SnowflakeSecrets.parse({}), token: 'CANARY-token-2' });
    expect((await open()).current().secrets).toEqual({ ...SnowflakeSecrets.parse({}), token: 'CANARY-token-2' });
    await vault.forget();
    expect(vault.current()).toMatchObject({ where: null, note: null });
    expect(await readdir(folder)).toEqual([]);
  });

  test('names the secrets that another user sealed, gives the rest, and leaves the file for a keyring that opens later', async () => {
    await (await open(fakeKeyStore(1))).keep({ ...SnowflakeSecrets.parse({}), token: 'CANARY-token' });
    const vault = await open(fakeKeyStore(2));
    expect(vault.current()).toMatchObject({
      where: null,
      note: 'The saved access token cannot be opened. It was sealed by another user, or the keyring was reset. Enter it again.',
    });
    expect((await open(fakeKeyStore(1))).current()).toMatchObject({
      secrets: { token: 'CANARY-token' },
      where: 'keychain',
    });
  });

  test('says that sealed secrets cannot be opened while no keyring runs', async () => {
    await (await open()).keep(canaries);
    const { secrets, note } = (await open(withoutKeyring)).current();
    expect(secrets).toEqual(SnowflakeSecrets.parse({}));
    expect(note).toContain('private key and the passphrase of the private key');
    expect(note).toContain('No keyring is running');
  });

  test.each(['{ no json', '{"version":2,"snowflake":{}}', '{"version":1,"snowflake":{"token":"not base64!"}}', '\0\0'])(
    'sets a damaged file (%j) aside under a name that is told',
    async (text) => {
      await writeFile(path, text);
      const vault = await open();
      expect(vault.setAside).toBe('secrets.damaged-2026-11-23T10-00-00-000Z.json');
      expect(vault.current()).toMatchObject({ where: null, note: null });
      await vault.keep(canaries);
      expect((await open()).setAside).toBeNull();
    },
  );

  test('leaves a file that cannot be read as it is, whatever is saved, until its owner forgets it', async () => {
    await (await open()).keep(canaries);
    const text = await onDisk();
    await rename(path, join(folder, 'elsewhere'));
    await symlink('secrets.json', path); // leads to itself: nobody can read it
    const vault = await open();
    expect(vault.current()).toMatchObject({ where: null, note: expect.stringContaining('ELOOP') });
    expect(vault.setAside).toBeNull();
    await vault.keep(SnowflakeSecrets.parse({}));
    expect(await vault.keep(canaries)).toMatchObject({ secrets: canaries, where: 'memory' });
    expect((await lstat(path)).isSymbolicLink()).toBe(true);

    await rename(join(folder, 'elsewhere'), path);
    await vault.keep(SnowflakeSecrets.parse({})); // this run still does not know what is in it
    expect(await onDisk()).toBe(text);
    expect((await open()).current().secrets).toEqual(canaries);
    await vault.forget();
    expect(await vault.keep(canaries)).toMatchObject({ where: 'keychain' });
  });

  test('keeps secrets in memory when the key store fails on one of them, and writes none', async () => {
    const failing: SafeStorageLike = {
      ...fakeKeyStore(),
      encryptString(text) {
        if (text.includes('password')) throw new Error('The user denied access to the keychain');
        return Buffer.from('sealed');
      },
    };
    const kept = await (await open(failing)).keep(canaries);
    expect(kept).toMatchObject({ where: 'memory', note: expect.stringContaining('The user denied access') });
    expect(await readdir(folder)).toEqual([]);
  });

  test('keeps secrets in memory when the file cannot be written, and says why', async () => {
    path = join(folder, 'file', 'secrets.json');
    const vault = await open();
    await writeFile(join(folder, 'file'), '');
    expect(await vault.keep(canaries)).toMatchObject({ where: 'memory', note: expect.stringContaining('EEXIST') });
    expect(await onDisk()).not.toMatch(clear);
  });
});
