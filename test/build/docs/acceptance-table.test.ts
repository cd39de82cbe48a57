/** The table of acceptance items names tests that exist: a renamed test must not leave an empty promise behind. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const tests = resolve(import.meta.dirname, '../..');
const rows = readFileSync(join(tests, 'e2e', 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line));

const sources = new Map(
  readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(e2e|test)\.tsx?$/.test(path))
    .map((path) => [path, readFileSync(join(tests, path), 'utf8')]),
);
const namedIn = (row: string) =>
  row.matchAll(/(?<file>[\w-]+\.(?:e2e|test)\.tsx?)(?: "(?<title>.+?)"(?= and |;| \(|\s\|))?/g);

describe('the table of acceptance items', () => {
  it('has a row for each of the 45', () => {
    const numbers = rows.map((row) => Number(row.split('|')[1]));
    expect(numbers).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
  });

  it.each(rows)('names tests that exist: %s', (row) => {
    const missing = [...namedIn(row)].flatMap(({ groups }) =>
      missingOf(groups?.['file'] ?? '', groups?.['title'] ?? ''),
    );
    expect(missing).toEqual([]);
  });
});

/** What of a file and a title (empty: none is named) is not there. */
function missingOf(file: string, title: string): string[] {
  const texts = [...sources].filter(([path]) => path.endsWith(`/${file}`)).map(([, text]) => text);
  return texts.some((text) => text.includes(title)) ? [] : [`${file} ${title}`];
}
