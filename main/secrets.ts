import { AppError } from '../contract/errors.ts';

/**
 * Encrypts what must survive a restart (Snowflake key, token) with the operating system's key store. Electron ≥ 42 has promises for this and
 * 46 drops the synchronous calls; the oldest Electron we run on has only those. So the store takes what it finds.
 */
export interface SafeStorageLike {
  isAsyncEncryptionAvailable?(): Promise<boolean>;
  encryptStringAsync?(text: string): Promise<Buffer>;
  decryptStringAsync?(encrypted: Buffer): Promise<{ readonly result: string }>;
  isEncryptionAvailable?(): boolean;
  encryptString?(text: string): Buffer;
  decryptString?(encrypted: Buffer): string;
  getSelectedStorageBackend?(): string; // Linux only
}

export interface SecretBox {
  /** Why secrets cannot be kept on this machine, in plain words; null when they can. */
  refusal(): Promise<string | null>;
  /** @returns base64 for a settings file. @throws AppError when {@link SecretBox.refusal} is not null. */
  seal(text: string): Promise<string>;
  open(sealed: string): Promise<string>;
}

/** With these Linux back ends the "encryption" uses a key that is written in Chromium's source, or none is known. */
const weakBackends = ['basic_text', 'unknown'];

export function createSecretBox(storage: SafeStorageLike, platform: NodeJS.Platform): SecretBox {
  const available = async (): Promise<boolean> =>
    (await storage.isAsyncEncryptionAvailable?.()) ?? storage.isEncryptionAvailable?.() ?? false;

  const refusal = async (): Promise<string | null> => {
    if (!(await available())) return 'This system offers no key store, so secrets are kept in memory only.';
    const backend = platform === 'linux' ? (storage.getSelectedStorageBackend?.() ?? 'unknown') : 'native';
    if (!weakBackends.includes(backend)) return null;
    return 'No keyring is running (GNOME Keyring, KWallet), so secrets are kept in memory only.';
  };

  const assertStrong = async (): Promise<void> => {
    const reason = await refusal();
    if (reason !== null) throw new AppError('internal', reason);
  };

  return {
    refusal,
    async seal(text) {
      await assertStrong();
      const encrypted = (await storage.encryptStringAsync?.(text)) ?? storage.encryptString?.(text);
      if (encrypted === undefined) throw new AppError('internal', 'The key store cannot encrypt.');
      return encrypted.toString('base64');
    },
    async open(sealed) {
      await assertStrong();
      const encrypted = Buffer.from(sealed, 'base64');
      const opened = (await storage.decryptStringAsync?.(encrypted))?.result ?? storage.decryptString?.(encrypted);
      if (opened === undefined) throw new AppError('internal', 'The key store cannot decrypt.');
      return opened;
    },
  };
}
