import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatewayStages } from '../../../build/lint/import-rules.ts';
import { mayWaitForTheDisk } from '../../../build/lint/sync-files.ts';

const project = resolve(import.meta.dirname, '../../..');
const imports = (from: string): string => `import { thing } from '${from}';\nexport const used = thing;\n`;
const importsType = (from: string): string => `import type { Thing } from '${from}';\nexport const used: Thing = 1;\n`;
const importsFrom = (names: string, from: string): string =>
  `import ${names} from '${from}';\nexport const used = [${names.replaceAll(/[{}]|\* as |\w+ as /g, '')}];\n`;
const importsName = (name: string): string => `import { ${name} } from 'electron';\nexport const used = ${name};\n`;

const stagePairs = gatewayStages.flatMap((earlier, index) =>
  gatewayStages.slice(index + 1).map((later) => [earlier, later] as const),
);

/** file → its content; each must be refused. */
const forbidden: Record<string, string> = {
  'contract/imports-package.ts': imports('pino'),
  'contract/imports-node.ts': imports('node:fs'),
  'contract/imports-gateway.ts': imports('../gateway/config.ts'),
  'contract/nested/imports-main.ts': imports('../../main/ipc.ts'),
  'gateway/imports-main.ts': imports('../main/ipc.ts'),
  'gateway/imports-renderer.ts': imports('../renderer/app.tsx'),
  'gateway/imports-electron.ts': imports('electron'),
  'gateway/imports-react.ts': imports('react'),
  'gateway/cli/imports-main.ts': imports('../../main/ipc.ts'),
  'gateway/cli/imports-electron.ts': imports('electron'),
  'gateway/usage/imports-composition.ts': imports('../gateway.ts'),
  'gateway/live/imports-server.ts': imports('../server.ts'),
  'gateway/api/imports-cli.ts': imports('../cli/serve.ts'),
  'gateway/usage/google/imports-live.ts': imports('../../live/hub.ts'),
  'gateway/usage/google/imports-main.ts': imports('../../../main/ipc.ts'),
  'main/imports-gateway-stage.ts': imports('../gateway/journal/journal.ts'),
  'main/imports-gateway-file.ts': imports('../gateway/config.ts'),
  'main/imports-renderer.ts': imports('../renderer/app.tsx'),
  'main/imports-sqlite.ts': imports('better-sqlite3'),
  'main/imports-duckdb.ts': imports('@duckdb/node-api'),
  'main/imports-snowflake.ts': imports('snowflake-sdk'),
  'main/imports-ipc-main.ts': importsName('ipcMain'),
  'main/ipc.ts': importsName('ipcRenderer'),
  'preload/imports-contract-value.ts': imports('../contract/ipc.ts'),
  'preload/imports-package.ts': imports('zod'),
  'preload/imports-sqlite.ts': imports('better-sqlite3'),
  'preload/imports-ipc-main.ts': importsName('ipcMain'),
  'renderer/imports-main.ts': imports('../main/ipc.ts'),
  'renderer/views/overview/imports-gateway.ts': imports('../../../gateway/config.ts'),
  'renderer/imports-preload.ts': imports('../preload/index.ts'),
  'renderer/imports-electron.ts': importsName('ipcRenderer'),
  'renderer/imports-node.ts': imports('node:fs'),
  'renderer/imports-duckdb.ts': imports('@duckdb/node-api'),
  'gateway/waits-for-disk.ts': importsFrom('{ statSync }', 'node:fs'),
  'gateway/cli/waits-for-disk.ts': importsFrom('{ readFileSync }', 'node:fs'),
  'gateway/live/waits-under-another-name.ts': importsFrom('{ fsyncSync as flush }', 'node:fs'),
  'gateway/live/waits-beside-others.ts': importsFrom('{ createReadStream, writeFileSync }', 'node:fs'),
  'gateway/live/waits-without-prefix.ts': importsFrom('{ rmSync }', 'fs'),
  'gateway/live/has-all-of-fs.ts': importsFrom('* as files', 'node:fs'),
  'gateway/live/has-fs.ts': importsFrom('files', 'node:fs'),
  'gateway/live/passes-on.ts': `export { openSync } from 'node:fs';\n`,
  'gateway/alerts/writes-and-waits.ts': importsFrom('{ writePrivateJsonSync }', '../private-file-sync.ts'),
  'gateway/journal/client.ts': importsFrom('{ existsSync }', 'node:fs'),
  ...Object.fromEntries(
    gatewayStages.map((stage) => [`gateway/${stage}/deep/renames.ts`, importsFrom('{ renameSync }', 'node:fs')]),
  ),
  ...Object.fromEntries(
    stagePairs.map(([earlier, later]) => [`gateway/${earlier}/imports-${later}.ts`, imports(`../${later}/thing.ts`)]),
  ),
  ...Object.fromEntries(
    stagePairs.map(([earlier, later]) => [
      `gateway/${earlier}/imports-type-of-${later}.ts`,
      importsType(`../${later}/thing.ts`),
    ]),
  ),
};

const allowed: Record<string, string> = {
  'contract/fine.ts': imports('zod'),
  'contract/fine-sibling.ts': imports('./errors.ts'),
  'gateway/cli/fine-composition.ts': imports('../gateway.ts'),
  'gateway/fine.ts': imports('./live/hub.ts'),
  'gateway/fine-contract.ts': imports('../contract/errors.ts'),
  'gateway/usage/fine-leaf.ts': imports('../config.ts'),
  'gateway/usage/fine-own-folder.ts': imports('./live/gemini.ts'),
  'gateway/usage/google/fine-sibling-folder.ts': imports('../live/gemini.ts'),
  'gateway/journal/fine-driver.ts': imports('better-sqlite3'),
  'gateway/live/fine-files.ts': importsFrom('{ readFile }', 'node:fs/promises'),
  'gateway/live/fine-stream.ts': importsFrom('{ createReadStream, type Stats }', 'node:fs').replace(
    ', type Stats];',
    '];',
  ),
  ...Object.fromEntries(mayWaitForTheDisk.map((path) => [path, importsFrom('{ statSync }', 'node:fs')])),
  'main/fine-warehouse.ts': imports('../gateway/warehouse/warehouse.ts'),
  'main/fine-analytics.ts': imports('../gateway/analytics/metrics.ts'),
  'main/fine-electron.ts': importsName('app'),
  'preload/fine-electron.ts': importsName('ipcRenderer'),
  'preload/fine-contract-type.ts': importsType('../contract/ipc.ts'),
  'renderer/views/overview/fine.ts': imports('../../../contract/errors.ts'),
  'renderer/views/overview/fine-sibling.ts': imports('../gateway/status.ts'),
  ...Object.fromEntries(
    stagePairs.map(([earlier, later]) => [`gateway/${later}/imports-${earlier}.ts`, imports(`../${earlier}/thing.ts`)]),
  ),
};

let folder = '';
let refused = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aism-lint-'));
  await cp(join(project, 'oxlint.config.ts'), join(folder, 'oxlint.config.ts'));
  await cp(join(project, 'build', 'lint'), join(folder, 'build', 'lint'), { recursive: true });
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, content] of Object.entries({ ...forbidden, ...allowed })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  refused = await filesRefused(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The files in which the linter found a restricted import. */
async function filesRefused(cwd: string): Promise<Set<string>> {
  const linter = join(project, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const folders = ['contract', 'gateway', 'main', 'preload', 'renderer'];
  const text = await new Promise<string>((done) => {
    const options = { cwd, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [linter, '--format=json', ...folders], options, (_error, stdout) => done(stdout));
  });
  const report: { diagnostics: { filename: string; code: string }[] } = JSON.parse(text);
  const found = report.diagnostics.filter(({ code }) => code === 'eslint(no-restricted-imports)');
  return new Set(found.map(({ filename }) => filename));
}

describe('an import against its direction is refused', () => {
  test.each(Object.keys(forbidden))('%s', (path) => {
    expect(refused).toContain(path);
  });
});

describe('an import along its direction is accepted', () => {
  test.each(Object.keys(allowed))('%s', (path) => {
    expect(refused).not.toContain(path);
  });
});

describe('a file that may wait for the disk', () => {
  test.each(mayWaitForTheDisk)('%s does so', async (path) => {
    expect(await readFile(join(project, path), 'utf8')).toMatch(/\w+Sync\b/); // else it has no place in the list
  });

  test('has the other rules of its folder all the same', async () => {
    for (const path of mayWaitForTheDisk) {
      const up = '../'.repeat(path.split('/').length - 1);
      await writeFile(join(folder, path), imports(`${up}main/ipc.ts`));
    }
    const found = await filesRefused(folder);
    expect(mayWaitForTheDisk.filter((path) => !found.has(path))).toEqual([]);
  });
});
