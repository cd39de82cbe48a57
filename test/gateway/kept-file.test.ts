import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFileFaults } from '../../gateway/file-faults.ts';
import { openKeptFile, type KeptFile } from '../../gateway/kept-file.ts';
import { waitFor } from '../helpers/wait-for.ts';

const schema = z.object({ n: z.int() });
let folder: string;
let opened: KeptFile<{ n: number }>[];
const path = (): string => join(folder, 'thing.json');
const away = (): string => join(folder, 'elsewhere');
const faults = createFileFaults();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aism-kept-'));
  opened = [];
});
afterEach(() => {
  for (const file of opened) file.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<KeptFile<{ n: number }>> {
  const log = { info: () => undefined, warn: () => undefined };
  const file = await openKeptFile({ path: path(), schema, meanwhile: 'Nothing works.', faults, log, retryMs: 20 });
  opened.push(file);
  return file;
}

/** Ways in which a whole file cannot be read now, whoever asks: what is in it lies elsewhere until then. */
const readErrors = {
  ELOOP: () => symlinkSync('thing.json', path()),
  EISDIR: () => mkdirSync(path()),
  ENOTDIR: () => symlinkSync('elsewhere/thing.json', path()),
};

describe('a file of the data directory', () => {
  it.each(Object.entries(readErrors))(
    'that cannot be read (%s) is neither renamed nor replaced nor taken for empty, and is read as soon as it can be',
    async (code, stand) => {
      writeFileSync(away(), '{"n": 7}');
      stand();
      const before = readdirSync(folder);
      const file = await open();
      expect(file.isKnown()).toBe(false);
      expect(() => file.content()).toThrow(expect.objectContaining({ code: 'data_dir_unusable' }));
      expect(faults.health()).toEqual({
        state: 'degraded',
        detail: `thing.json cannot be read (${code}). Nothing works.`,
      });
      await expect(file.write({ n: 8 })).rejects.toThrow(`thing.json cannot be read (${code})`);
      expect(readdirSync(folder)).toEqual(before);

      let told = 0;
      file.onRead(() => {
        told += 1;
      });
      rmSync(path(), { recursive: true });
      renameSync(away(), path());
      await waitFor('the content', () => file.isKnown());
      expect(file.content()).toEqual({ n: 7 });
      expect(told).toBe(1);
      expect(faults.health().state).toBe('ok');
    },
  );

  it.each([
    ['is cut off', '{"n": '],
    ['is empty', ''],
    ['has another shape', '{"n": "7"}'],
  ])('that was read and %s is kept under another name', async (_, text) => {
    writeFileSync(path(), text);
    const file = await open();
    expect(file.content()).toBeNull();
    expect(readFileSync(join(folder, file.setAside() ?? ''), 'utf8')).toBe(text);
    await file.write({ n: 1 });
    expect(JSON.parse(readFileSync(path(), 'utf8'))).toEqual({ n: 1 });
  });

  it('that somebody saves in pieces just now is no damage', async () => {
    writeFileSync(path(), '{"n": ');
    const opening = open();
    setTimeout(() => writeFileSync(path(), '{"n": 7}'), 30);
    const file = await opening;
    expect([file.content(), file.setAside()]).toEqual([{ n: 7 }, null]);
  });

  it('takes writes one after the other: the last one asked for holds', async () => {
    const file = await open();
    await Promise.all(Array.from({ length: 20 }, (_, n) => file.write({ n })));
    expect(JSON.parse(readFileSync(path(), 'utf8'))).toEqual({ n: 19 });
    expect(readdirSync(folder)).toEqual(['thing.json']);
  });

  it('keeps its old content when a write fails', async () => {
    const file = await open();
    await file.write({ n: 1 });
    rmSync(path());
    mkdirSync(join(path(), 'in-the-way'), { recursive: true });
    await expect(file.write({ n: 2 })).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(file.content()).toEqual({ n: 1 });
    expect(readdirSync(folder)).toEqual(['thing.json']); // nothing of the writing is left
  });
});
