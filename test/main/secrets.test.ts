import { describe, expect, test } from 'vitest';
import { createSecretBox, type SafeStorageLike } from '../../main/secrets.ts';

const flip = (buffer: Buffer): Buffer => Buffer.from(buffer.map((byte) => byte ^ 0x5a));
const encrypt = (text: string): Buffer => flip(Buffer.from(text, 'utf8'));
const decrypt = (sealed: Buffer): string => flip(sealed).toString('utf8');

const oldElectron: SafeStorageLike = {
  isEncryptionAvailable: () => true,
  encryptString: encrypt,
  decryptString: decrypt,
  getSelectedStorageBackend: () => 'gnome_libsecret',
};
const newElectron: SafeStorageLike = {
  isAsyncEncryptionAvailable: async () => true,
  encryptStringAsync: async (text) => encrypt(text),
  decryptStringAsync: async (sealed) => ({ result: decrypt(sealed) }),
  getSelectedStorageBackend: () => 'kwallet6',
};

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
