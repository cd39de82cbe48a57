import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildIsStale } from '../../../build/launch/app-build.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const builtAt = new Date('2026-01-02T00:00:00Z');
const before = new Date('2026-01-01T00:00:00Z');
const after = new Date('2026-01-03T00:00:00Z');

async function builtProject(): Promise<{ root: string; source: string }> {
  const root = await temporaryFolder();
  const source = join(root, 'renderer', 'views', 'overview.tsx');
  await mkdir(join(root, 'renderer', 'views'), { recursive: true });
  await mkdir(join(root, 'out'));
  await writeFile(source, '');
  await writeFile(join(root, 'out', '.built'), '');
  for (const path of [source, join(root, 'renderer', 'views'), join(root, 'renderer')])
    await utimes(path, before, before);
  await utimes(join(root, 'out', '.built'), builtAt, builtAt);
  return { root, source };
}

test('a build newer than its sources is kept', async () => {
  const { root } = await builtProject();

  expect(await buildIsStale(root)).toBe(false);
});

test('a build is stale once a source has changed', async () => {
  const { root, source } = await builtProject();
  await utimes(source, after, after);

  expect(await buildIsStale(root)).toBe(true);
});

test('a build is stale once a source was deleted', async () => {
  const { root, source } = await builtProject();
  await rm(source);

  expect(await buildIsStale(root)).toBe(true);
});

test('without a build there is one to make', async () => {
  expect(await buildIsStale(await temporaryFolder())).toBe(true);
});
