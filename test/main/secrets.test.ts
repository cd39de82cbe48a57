import { describe, expect, test } from 'vitest';
import { createSecretBox } from '../../main/secrets.ts';
import { fakeAsyncKeyStore, fakeKeyStore } from './fake-safe-storage.ts';

const oldElectron = fakeKeyStore();
const newElectron = fakeAsyncKeyStore();

describe('a secret', () => {
  test.each([
    ['the synchronous calls of Electron 33', oldElectron],
    ['the promises of Electron 46', newElectron],
  ])('comes back from %s', async (_name, storage) => {
    const box = createSecretBox(storage, 'linux');
    const sealed = await box.seal('-----BEGIN PRIVATE KEY----- é');
    expect(sealed).not.toContain('PRIVATE');
    expect(await box.open(sealed)).toBe('-----BEGIN PRIVATE KEY----- é');
    expect(await box.refusal()).toBeNull();
  });

  test.each(['basic_text', 'unknown'])('is refused where the key would be public (%s)', async (backend) => {
    const box = createSecretBox({ ...oldElectron, getSelectedStorageBackend: () => backend }, 'linux');
    await expect(box.seal('x')).rejects.toThrow('No keyring is running');
    expect(await box.refusal()).toContain('memory only');
  });

  test('is refused where there is no key store', async () => {
    const box = createSecretBox({ ...newElectron, isAsyncEncryptionAvailable: async () => false }, 'darwin');
    await expect(box.seal('x')).rejects.toThrow('offers no key store');
  });

  test('needs no back end name outside Linux', async () => {
    const { getSelectedStorageBackend: _linuxOnly, ...storage } = newElectron;
    expect(await createSecretBox(storage, 'win32').refusal()).toBeNull();
    expect(await createSecretBox(storage, 'linux').refusal()).not.toBeNull();
  });
});
