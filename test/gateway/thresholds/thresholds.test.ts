import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Thresholds } from '../../../contract/thresholds.ts';
import { createFileFaults } from '../../../gateway/file-faults.ts';
import { openThresholds, type ThresholdsStore } from '../../../gateway/thresholds/thresholds.ts';

let dataDir: string;
const log = { info: () => undefined, warn: () => undefined };
const open = (): Promise<ThresholdsStore> => openThresholds(path(), createFileFaults(), log);
const path = (): string => join(dataDir, 'thresholds.json');

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'aism-thresholds-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const budget = (id: string, limitUsd = 5) => ({ id, name: 'Research', period: 'month', limitUsd });
const limit = (id: string) => ({
  id,
  provider: 'google',
  model: null,
  key: null,
  requestsPerMinute: 10,
  tokensPerMinute: null,
  requestsPerDay: null,
});

describe('thresholds', () => {
  it('are the defaults at first, and what was saved after that, for their owner alone', async () => {
    const store = await open();
    expect(store.state()).toEqual({ thresholds: Thresholds.parse({}), setAside: null, fault: null });
    const saved = Thresholds.parse({ tz: 'Europe/Berlin', budgets: [budget('a')], limits: [limit('x')] });
    await store.replace(saved);
    expect((await open()).state()).toEqual({ thresholds: saved, setAside: null, fault: null });
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(['thresholds.json']); // nothing of the writing is left
  });

  it.each([
    ['an id used twice', { budgets: [budget('a'), budget('b'), budget('a')] }, 'budgets.2.id'],
    ['a limit used twice', { limits: [limit('x'), limit('x')] }, 'limits.1.id'],
    ['a zone that is none', { tz: 'Mars/Olympus' }, 'tz'],
  ])('with %s are refused, and the set before them stays', async (_, input, field) => {
    const store = await open();
    await store.replace(Thresholds.parse({ budgets: [budget('kept')] }));
    await expect(store.replace(Thresholds.parse(input))).rejects.toThrow(
      expect.objectContaining({ code: 'bad_request', field }),
    );
    expect((await open()).state().thresholds.budgets).toMatchObject([{ id: 'kept' }]);
  });

  it.each([
    ['no JSON', '{"budgets": ['],
    ['another shape', '{"budgets": [{"id": "a"}]}'],
    ['an id twice', JSON.stringify({ budgets: [budget('a'), budget('a')] })],
  ])('in a file with %s are set aside with all that is in it', async (_, text) => {
    writeFileSync(path(), text);
    const { thresholds, setAside } = (await open()).state();
    expect(thresholds).toEqual(Thresholds.parse({}));
    expect(readFileSync(join(dataDir, setAside ?? ''), 'utf8')).toBe(text);
  });

  it('that cannot be written are not taken over', async () => {
    const store = await open();
    let changes = 0;
    store.onChange(() => {
      changes += 1;
    });
    mkdirSync(join(path(), 'in-the-way'), { recursive: true }); // no file can take the place of a directory that is not empty
    const saving = store.replace(Thresholds.parse({ budgets: [budget('a')] }));
    await expect(saving).rejects.toThrow(expect.objectContaining({ code: 'data_dir_unusable' }));
    expect(store.state().thresholds).toEqual(Thresholds.parse({}));
    expect(changes).toBe(0);
  });
});
