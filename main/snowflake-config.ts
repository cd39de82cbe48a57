/**
 * The Snowflake that this app is set up for: its own saved settings, else the user's environment. Everything that uses it (gateway, fleet
 * view, test, setup) asks here, and is told when it changes.
 *
 * Invariants
 * - What {@link SnowflakeConfig.current} returns is complete: settings and secrets of one save, never of two.
 * - Nothing is handed over before the vault is open, however long the user takes to unlock a keyring.
 */
import type { SnowflakeForm } from '../contract/ipc.ts';
import type { ParentMessage, Retention, SnowflakeState } from '../contract/snowflake.ts';
import type { Log } from './log.ts';
import { type Kept, openVault, type SecretVault } from './secret-vault.ts';
import type { SecretBox } from './secrets.ts';
import type { SettingsStore } from './settings.ts';
import { type EnvironmentAccount, readEnvironmentAccount, type TakenNames } from './snowflake-environment.ts';
import { accountOf, type SnowflakeAccount } from './snowflake-form.ts';

export interface ConfiguredSnowflake extends SnowflakeAccount {
  readonly by: NonNullable<SnowflakeState['configuredBy']>;
}

export interface SnowflakeConfigOptions {
  readonly settings: SettingsStore;
  readonly secretsFile: string;
  readonly box: SecretBox;
  readonly environment: TakenNames;
  readonly log: Log;
}

interface Opened {
  readonly vault: SecretVault;
  readonly environment: EnvironmentAccount;
}

export class SnowflakeConfig {
  readonly #settings: SettingsStore;
  readonly #listeners = new Set<() => void>();
  readonly #opening: Promise<Opened>;
  #opened: Opened | null = null;
  #own: ConfiguredSnowflake | null = null;
  #environment: ConfiguredSnowflake | null = null;
  #changing: Promise<unknown>;

  constructor(options: SnowflakeConfigOptions) {
    this.#settings = options.settings;
    this.#opening = open(options).then((opened) => this.#take(opened));
    this.#changing = this.#opening;
  }

  /** Resolves when the secrets are open. Never rejects. */
  get ready(): Promise<void> {
    return this.#opening.then(() => undefined);
  }

  /** The same object until it changes. */
  current(): ConfiguredSnowflake | null {
    return this.#own ?? this.#environment;
  }

  /** Where our own secrets are. The environment's are the user's to keep: this app only holds them while it runs. */
  kept(): Pick<Kept, 'where' | 'note'> {
    if (this.#own === null || this.#opened === null) return { where: null, note: null };
    const { where, note } = this.#opened.vault.current();
    return { where, note };
  }

  /** What is wrong with the environment's settings, when nothing else is configured. */
  problem(): string | null {
    return this.#own === null ? (this.#opened?.environment.problem ?? null) : null;
  }

  /** Name of a damaged secrets file that was set aside at the start, else null. */
  setAside(): string | null {
    return this.#opened?.vault.setAside ?? null;
  }

  /** For the gateway; null until {@link SnowflakeConfig.ready}. */
  message(): ParentMessage | null {
    if (this.#opened === null) return null;
    return messageOf(this.current(), this.#settings.current().retention ?? this.#opened.environment.retention);
  }

  /** @throws AppError `bad_request` naming a missing field, or what the disk says */
  save(form: SnowflakeForm): Promise<void> {
    return this.#change(async ({ vault }) => {
      const account = accountOf(form, this.current());
      await saveSettings(this.#settings, account);
      await vault.keep(account.secrets);
      this.#own = { ...account, by: 'app' };
    });
  }

  forget(): Promise<void> {
    return this.#change(async ({ vault }) => {
      await vault.forget();
      await this.#settings.change({ snowflake: null });
      this.#own = null;
    });
  }

  saveRetention(retention: Retention): Promise<void> {
    return this.#change(async () => void (await this.#settings.change({ retention })));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #take(opened: Opened): Opened {
    const { vault, environment } = opened;
    const settings = this.#settings.current().snowflake;
    this.#opened = opened;
    this.#own = settings === null ? null : { settings, secrets: vault.current().secrets, by: 'app' };
    this.#environment = environment.account === null ? null : { ...environment.account, by: 'environment' };
    this.#tell();
    return opened;
  }

  /** One change after the other: each ends with settings and secrets that belong together. */
  async #change(work: (opened: Opened) => Promise<void>): Promise<void> {
    const turn = this.#changing.then(async () => work(await this.#opening));
    this.#changing = turn.catch(() => undefined); // the caller of this change hears of it
    await turn;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const messageOf = (current: ConfiguredSnowflake | null, retention: Retention): ParentMessage => ({
  kind: 'configure',
  snowflake: current === null ? null : { settings: current.settings, secrets: current.secrets },
  retention,
});

/** A save that fails leaves what was there: the store keeps a change in memory, and the next save of anything would write it after all. */
async function saveSettings(settings: SettingsStore, { settings: snowflake }: SnowflakeAccount): Promise<void> {
  const before = settings.current().snowflake;
  try {
    await settings.change({ snowflake });
  } catch (error) {
    await settings.change({ snowflake: before }).catch(() => undefined); // the same disk, the same failure
    throw error;
  }
}

async function open({ secretsFile, box, environment, log }: SnowflakeConfigOptions): Promise<Opened> {
  const [vault, fromEnvironment] = await Promise.all([
    openVault({ path: secretsFile, box }),
    readEnvironmentAccount(environment),
  ]);
  if (vault.setAside !== null) log.error(`SecretsFileDamaged kept as ${vault.setAside}`);
  if (vault.current().note !== null) log.warn(`SecretsNotOpened ${vault.current().note}`);
  if (fromEnvironment.problem !== null) log.warn(`SnowflakeEnvironmentUnusable ${fromEnvironment.problem}`);
  return { vault, environment: fromEnvironment };
}
