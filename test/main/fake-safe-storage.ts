import type { SafeStorageLike } from '../../main/secrets.ts';

const flip = (buffer: Buffer, key: number): Buffer => Buffer.from(buffer.map((byte) => byte ^ key));
const mark = 'v11';

/** The synchronous key store of Electron 33; `key` stands for the user whose store it is. */
export function fakeKeyStore(key = 0x5a): SafeStorageLike {
  return {
    isEncryptionAvailable: () => true,
    encryptString: (text) => flip(Buffer.from(mark + text, 'utf8'), key),
    decryptString: (sealed) => {
      const text = flip(sealed, key).toString('utf8');
      if (!text.startsWith(mark))
        throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.');
      return text.slice(mark.length);
    },
    getSelectedStorageBackend: () => 'gnome_libsecret',
  };
}

/** The promises of Electron 42 and later. */
export function fakeAsyncKeyStore(key = 0x5a): SafeStorageLike {
  const { encryptString, decryptString } = fakeKeyStore(key);
  return {
    isAsyncEncryptionAvailable: async () => true,
    encryptStringAsync: async (text) => encryptString?.(text) ?? Buffer.alloc(0),
    decryptStringAsync: async (sealed) => ({ result: decryptString?.(sealed) ?? '' }),
    getSelectedStorageBackend: () => 'kwallet6',
  };
}

/** A Linux without a keyring: Chromium "encrypts" with a key that is public. */
export const withoutKeyring: SafeStorageLike = { ...fakeKeyStore(), getSelectedStorageBackend: () => 'basic_text' };
