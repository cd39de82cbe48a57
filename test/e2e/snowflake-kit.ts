/** A Snowflake for the app under test, and ways to ask the bridge that fail with the answer's own words. */
import type { Page } from '@playwright/test';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from '../../contract/errors.ts';
import type { AskInput, AskName, AskOutput, SnowflakeForm } from '../../contract/ipc.ts';
import { type SnowflakeProfile, SnowflakeSecrets, SnowflakeSettings } from '../../contract/snowflake.ts';
import { startSnowflakeProcess } from '../helpers/snowflake-server/server-process.ts';
import { expect, test as base } from './fixtures.ts';

export { expect };

export interface SnowflakeStandIn {
  readonly profile: SnowflakeProfile;
  /** Every secret there is. */
  readonly secrets: SnowflakeSecrets;
  /** As a person fills it in: key pair with an encrypted key. */
  readonly form: SnowflakeForm;
  /** Texts that must be nowhere in clear: each secret, and a line from the middle of the private key. */
  readonly canaries: readonly string[];
}

export const test = base.extend<{ readonly snowflake: SnowflakeStandIn }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the dependencies of a fixture from its first parameter
  snowflake: async ({}, provide) => {
    const folder = await mkdtemp(join(tmpdir(), 'aism-snowflake-'));
    // A process of its own: what it computes must not hold up the test driver while that attaches to a window.
    const server = await startSnowflakeProcess({ folder });
    await provide(standIn(server.profile, server.secrets));
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  },
});

function standIn(profile: SnowflakeProfile, secrets: SnowflakeSecrets): SnowflakeStandIn {
  const settings = SnowflakeSettings.parse({ profile, delivery: { intervalMinutes: 60 } });
  const { privateKey, privateKeyPassphrase } = secrets;
  const canaries = [privateKey?.split('\n')[5] ?? '', privateKeyPassphrase ?? '', secrets.password ?? ''];
  if (canaries.some((text) => text.length < 8)) throw new Error('A canary is too short to be found');
  const form = { settings, secrets: SnowflakeSecrets.parse({ privateKey, privateKeyPassphrase }) };
  return { profile, secrets, form, canaries };
}

/** @throws Error with code and message when the answer is a failure */
export async function ask<K extends AskName>(page: Page, name: K, input: AskInput<K>): Promise<AskOutput<K>> {
  // As text, because Playwright's type of an argument loses that the input follows the name.
  const expression = `globalThis.bridge.ask(${JSON.stringify(name)}, ${JSON.stringify(input)})`;
  const answer = await page.evaluate<Answer<AskOutput<K>>>(expression);
  if (!answer.ok) throw new Error(`${name}: ${answer.code} ${answer.message}`);
  return answer.value;
}

/** Sends what waits and comes back when Snowflake has so many rows of this gateway. */
export async function deliver(page: Page, rows: number): Promise<void> {
  const delivered = async (): Promise<number> => {
    await ask(page, 'syncSnowflake', undefined);
    return (await ask(page, 'snowflakeState', undefined)).health.deliveredRows;
  };
  await expect.poll(delivered, { timeout: 30_000, intervals: [250] }).toBe(rows);
}

export async function filesHolding(folder: string, texts: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const holding: string[] = [];
  for (const file of files) {
    const content = await readFile(file);
    if (texts.some((text) => content.includes(text))) holding.push(file);
  }
  return holding;
}
