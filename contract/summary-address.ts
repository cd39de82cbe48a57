/** Where the printable summary is: `#/summary?q=<the query as JSON>`. The app prints that page itself; a browser opens it with `print`. Pure. */
import { RangeQuery, type RangeInput } from './analytics.ts';

export interface SummaryAddress {
  readonly query: RangeInput;
  readonly print: boolean; // opens the print dialog when it is drawn
}

const path = '#/summary?';

export function summaryHash(query: Readonly<Record<string, unknown>>, print: boolean): string {
  const params = new URLSearchParams({ q: JSON.stringify(query), ...(print ? { print: '1' } : {}) });
  return `${path}${params.toString()}`;
}

/** Null for the address of another page. @throws ZodError or SyntaxError when the query is not one */
export function readSummaryHash(hash: string): SummaryAddress | null {
  if (!hash.startsWith(path)) return null;
  const params = new URLSearchParams(hash.slice(path.length));
  return { query: RangeQuery.parse(JSON.parse(params.get('q') ?? '{}')), print: params.get('print') === '1' };
}
