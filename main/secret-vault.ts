/**
 * The secrets of the app's Snowflake settings.
 *
 * Invariants
 * - Only what the operating system's key store has sealed reaches the file, one value at a time; without a key store nothing does.
 * - A fault of key store or disk is never fatal: the secrets stay in memory, and `note` says why in plain words.
 * - A sealed value that does not open stays in the file until it is replaced or forgotten: a keyring that is locked now may open tomorrow.
 * - A file that could not be read is never written over: what is sealed in it is unknown, not gone.
 */
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { SnowflakeSecrets, type SnowflakeState } from '../contract/snowflake.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { readJsonFile } from './json-file.ts';
import type { SecretBox } from './secrets.ts';

export interface Kept {
  readonly secrets: SnowflakeSecrets;
  /** Null: there are none. */
  readonly where: SnowflakeState['secretsKept'];
  readonly note: string | null;
}

export interface SecretVault {
  current(): Kept;
  /** Replaces all of them. */
  keep(secrets: SnowflakeSecrets): Promise<Kept>;
  forget(): Promise<void>;
  /** Name of a damaged file that was set aside at the start, else null. */
  readonly setAside: string | null;
}

export interface VaultOptions {
  readonly path: string;
  readonly box: SecretBox;
  readonly now?: () => Date;
}

export const noSecrets: SnowflakeSecrets = SnowflakeSecrets.parse({});
const nothing: Kept = { secrets: noSecrets, where: null, note: null };

export type SecretName = keyof SnowflakeSecrets;
export const secretNames = SnowflakeSecrets.keyof().options;
/** As people know them. */
export const secretWords: Readonly<Record<SecretName, string>> = {
  privateKey: 'private key',
  privateKeyPassphrase: 'passphrase of the private key',
  token: 'access token',
  password: 'password',
  oauthClientSecret: 'OAuth client secret',
};

const Sealed = z.partialRecord(SnowflakeSecrets.keyof(), z.base64());
type Sealed = z.infer<typeof Sealed>;
const SecretsFile = z.object({ version: z.literal(1), snowflake: Sealed });

export async function openVault({ path, box, now = () => new Date() }: VaultOptions): Promise<SecretVault> {
  const { kept: first, setAside, unread } = await load({ path, box, now });
  let kept = first;
  let isUnread = unread;
  return {
    setAside,
    current: () => kept,
    async keep(secrets) {
      kept = isUnread ? inMemory(secrets, notWrittenOver) : await store(secrets, path, box);
      return kept;
    },
    async forget() {
      await rm(path, { force: true });
      isUnread = false;
      kept = nothing;
    },
  };
}

interface Loaded {
  readonly kept: Kept;
  readonly setAside: string | null;
  readonly unread: boolean;
}

const tries = 5;
const pauseMs = 200;

/** A backup or a virus scanner has a file for a moment only, so a read error is no last word. */
async function load({ path, box, now }: Required<VaultOptions>): Promise<Loaded> {
  for (let left = tries; ; left -= 1) {
    try {
      const { value, setAside } = await readJsonFile(path, SecretsFile, now);
      return { kept: value === null ? nothing : await unseal(value.snowflake, box), setAside, unread: false };
    } catch (error) {
      if (left > 1) await pause(pauseMs);
      else return { kept: { ...nothing, note: cannotBeRead(error) }, setAside: null, unread: true };
    }
  }
}

const cannotBeRead = (error: unknown): string =>
  `The saved secrets cannot be read (${reasonOf(error)}). They are left as they are; start the app again when the file can be read.`;
const notWrittenOver =
  'The secrets are kept in memory only, because secrets.json cannot be read and is not written over. Forget the saved ones to begin anew.';

async function unseal(sealed: Sealed, box: SecretBox): Promise<Kept> {
  const closed: SecretName[] = [];
  const opened: Partial<Record<SecretName, string>> = {};
  for (const name of secretNames) {
    const text = sealed[name];
    if (text === undefined) continue;
    try {
      opened[name] = await box.open(text);
    } catch {
      closed.push(name); // the note below tells; the key store's own words name no cause
    }
  }
  const where = Object.keys(opened).length === 0 ? null : 'keychain';
  const note = closed.length === 0 ? null : notOpened(closed, await box.refusal());
  return { secrets: SnowflakeSecrets.parse(opened), where, note };
}

function notOpened(names: readonly SecretName[], refusal: string | null): string {
  const what = names.map((name) => secretWords[name]).join(' and the ');
  const why = refusal ?? 'It was sealed by another user, or the keyring was reset.';
  return `The saved ${what} cannot be opened. ${why} Enter it again.`;
}

async function store(secrets: SnowflakeSecrets, path: string, box: SecretBox): Promise<Kept> {
  const { sealed, note } = await sealAll(secrets, box);
  try {
    await write(path, sealed); // also without a key store: what an earlier one has sealed must not come back at the next start
  } catch (error) {
    return { secrets, where: 'memory', note: memoryOnly(error) };
  }
  return note === null && !isEmpty(secrets) ? { secrets, where: 'keychain', note } : inMemory(secrets, note);
}

const inMemory = (secrets: SnowflakeSecrets, note: string | null): Kept =>
  isEmpty(secrets) ? nothing : { secrets, where: 'memory', note };
const isEmpty = (secrets: SnowflakeSecrets): boolean => secretNames.every((name) => secrets[name] === null);
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const memoryOnly = (error: unknown): string =>
  `The secrets are kept in memory only, because saving them failed: ${reasonOf(error)}`;

/** All of them or none: half a set would log in as somebody else, or not at all. */
async function sealAll(
  secrets: SnowflakeSecrets,
  box: SecretBox,
): Promise<{ readonly sealed: Sealed; readonly note: string | null }> {
  const sealed: Sealed = {};
  try {
    const refusal = isEmpty(secrets) ? null : await box.refusal(); // asking may open a dialog of the keyring
    if (refusal !== null) return { sealed, note: refusal };
    for (const name of secretNames) {
      const text = secrets[name];
      if (text !== null) sealed[name] = await box.seal(text);
    }
    return { sealed, note: null };
  } catch (error) {
    return { sealed: {}, note: memoryOnly(error) };
  }
}

async function write(path: string, sealed: Sealed): Promise<void> {
  if (Object.keys(sealed).length === 0) await rm(path, { force: true });
  else await writeFileAtomic(path, `${JSON.stringify({ version: 1, snowflake: sealed }, null, 2)}\n`);
}
