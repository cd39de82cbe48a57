import fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRowCounter, saveCsv } from '../../main/csv-export.ts';
import { fileFault } from '../../main/reports/draft-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aism-csv-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bodyOf = (text: string) => new Response(text).body;

function brokenAfter(text: string): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new Error('connection reset'));
      else controller.enqueue(new TextEncoder().encode(text));
      sent = true;
    },
  });
}

describe('an export', () => {
  test('is the bytes as sent, with its rows counted', async () => {
    const path = join(folder, 'calls.csv');
    const text = '\uFEFFmodel,note\r\na,"line one\nline ""two"""\r\nb,plain\r\n';
    expect(await saveCsv(bodyOf(text), path)).toBe(2);
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await readdir(folder)).toEqual(['calls.csv']);
  });

  test('that breaks leaves no half file and an older one untouched', async () => {
    const path = join(folder, 'calls.csv');
    await writeFile(path, 'the export of yesterday');
    await expect(saveCsv(brokenAfter('model\na\n'), path)).rejects.toThrow('connection reset');
    expect(await readFile(path, 'utf8')).toBe('the export of yesterday');
    expect(await readdir(folder)).toEqual(['calls.csv']);
  });

  test('that is cancelled leaves nothing', async () => {
    const cancelled = AbortSignal.abort();
    await expect(saveCsv(bodyOf('a\n1\n'), join(folder, 'x.csv'), { signal: cancelled })).rejects.toThrow('aborted');
    expect(await readdir(folder)).toEqual([]);
  });

  test('tells how far it is', async () => {
    const told: [number, number][] = [];
    const text = 'model\r\na\r\nb\r\n';
    await saveCsv(bodyOf(text), join(folder, 'x.csv'), { onProgress: (rows, bytes) => told.push([rows, bytes]) });
    expect(told.at(-1)).toEqual([2, text.length]);
  });

  test('into a folder that is not there names the folder', async () => {
    const path = join(folder, 'gone', 'x.csv');
    await expect(saveCsv(bodyOf('a\n'), path)).rejects.toMatchObject({
      code: 'file_not_written',
      message: `The folder ${join(folder, 'gone')} does not exist. Choose another one.`,
    });
  });

  test('over a folder of that name, or on a full disk, says so', async () => {
    await mkdir(join(folder, 'x.csv'));
    await expect(saveCsv(bodyOf('a\n'), join(folder, 'x.csv'))).rejects.toMatchObject({ code: 'file_not_written' });
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    });
    expect(fileFault(full, '/x/y.csv')?.message).toMatch(/^The disk is full\. /);
    expect(fileFault(new Error('another'), '/x/y.csv')).toBeNull();
    expect(await readdir(folder)).toEqual(['x.csv']);
  });
});

test('rows are counted right for any cells, line ends and chunk borders', () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('"', '\n', '\r\n', ',', '"\n"', ''));
  const table = fc.array(fc.tuple(cell, cell, fc.constant('x')), { maxLength: 20 });
  fc.assert(
    fc.property(
      table,
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 7 }),
      fc.boolean(),
      (rows, lineEnd, size, endsOpen) => {
        const text = stringify(rows, { record_delimiter: lineEnd, quoted_match: /[\r\n]/ });
        const bytes = Buffer.from(endsOpen ? text.slice(0, -lineEnd.length) : text);
        const counter = createRowCounter();
        for (let from = 0; from < bytes.length; from += size) counter.add(bytes.subarray(from, from + size));
        expect(counter.rows()).toBe(rows.length);
      },
    ),
  );
});
