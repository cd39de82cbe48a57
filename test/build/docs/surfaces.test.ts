import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { surfacesFile, surfacesText } from '../../../build/docs/surfaces.ts';
import { Surface } from '../../../contract/usage-record.ts';
import { adapters } from '../../../gateway/usage/providers.ts';

const rows = Object.values(adapters).flatMap((adapter) => adapter.surfaces.map((row) => ({ adapter, row })));

describe('docs/SURFACES.md', () => {
  it('is what `node build/docs/surfaces.ts` writes', () => {
    expect(readFileSync(surfacesFile, 'utf8')).toBe(surfacesText());
  });

  it('has no surface that nothing yields, and leaves none out', () => {
    expect(new Set(rows.map(({ row }) => row.surface))).toEqual(new Set(Surface.options));
  });
});

/** A path as a client would ask for it. */
const concrete = (path: string): string =>
  path
    .replace('{model}', 'some-model-1')
    .replaceAll(/\{\w+\}/g, 'abc123')
    .replace('/…', '/abc123');

describe.each(
  rows.map(({ adapter, row }) => [`${adapter.provider} ${row.method} ${row.path}`, { adapter, row }] as const),
)('%s', (_name, { adapter, row }) => {
  it('is recognised as it is declared', () => {
    const method = row.method === 'any' ? 'GET' : row.method;
    const { route } = adapter.recognise({ method, path: concrete(row.path) });
    expect(route.surface).toBe(row.surface);
  });
});
