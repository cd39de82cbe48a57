/** Readers of RFC 4180, written against the RFC and not with the library under test. */

/** Every record as its cells, the heading first. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const row: string[] = [];
  for (const match of text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/g)) {
    const [, cell = '', end] = match;
    if (match.index >= text.length) break;
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end !== ',') rows.push(row.splice(0));
  }
  return rows;
}

/** Every data row by the names of its columns. A byte order mark is no part of the first name. */
export function csvRecords(text: string): Readonly<Record<string, string>>[] {
  const [head = [], ...rows] = parseCsv(text.replace(/^\uFEFF/, ''));
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ''])));
}
