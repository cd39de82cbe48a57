import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explainStart, StepError, UsageError } from '../../../main/lifecycle/start-fault.ts';
import { createStartSteps } from '../../../main/lifecycle/start-steps.ts';
import { createPrivateFolder } from '../../../main/private-folder.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aism-start-'));
  await mkdir(join(folder, 'folder'));
  await writeFile(join(folder, 'file'), '');
  await symlink('loop', join(folder, 'loop'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const faultOf = async (name: string, work: (path: string) => unknown) => {
  const path = join(folder, name);
  const error: unknown = await createStartSteps()
    .run('Reading the settings', path, () => work(path))
    .then(
      () => new Error('The step passed'),
      (failure: unknown) => failure,
    );
  return { path, fault: explainStart(error) };
};

/** Real errors of the file system; where a message of Node names no path, the step's own is used. */
const faults: readonly (readonly [string, string, (path: string) => unknown, string])[] = [
  ['a folder in place of a file', 'folder', (path) => readFile(path), 'it is a folder, not a file'],
  ['a link to itself', 'loop', (path) => readFile(path), 'it is a link that leads back to itself'],
  ['a file as a folder above', 'file/below', (path) => readFile(path), 'a part of its path is a file, not a folder'],
  ['a file in place of a folder', 'file', (path) => createPrivateFolder(path), 'a file of that name is in the way'],
  ['a name too long', 'x'.repeat(300), (path) => writeFile(path, ''), 'its name is too long'],
];

test.each(faults)('%s is said with its path, its reason and what to do', async (_name, file, work, why) => {
  const { path, fault } = await faultOf(file, work);
  expect(fault.what).toBe(`Reading the settings failed: ${path} cannot be used, because ${why}.`);
  expect(fault.todo).toMatch(/--data-dir/);
  expect(fault).toMatchObject({ exitCode: 3, canRetry: true });
});

test.each(['EACCES', 'EPERM', 'ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'ESTALE', 'EMFILE', 'ENFILE'])(
  '%s has words and a way out',
  (code) => {
    const error = Object.assign(new Error(`${code}: something`), { code, path: '/data/settings.json' });
    const fault = explainStart(error);
    expect(fault.what).toMatch(/\/data\/settings\.json cannot be used, because \w+/);
    expect(fault.todo).toMatch(/\.$/);
    expect(fault.exitCode).toBe(3);
  },
);

test('an error of the app itself names the step and keeps its message, without secrets', () => {
  const fault = explainStart(
    new StepError('Preparing window and tray', null, new Error('Bearer sk-abcdefghijklmnop1234')),
  );
  expect(fault).toMatchObject({ what: 'Preparing window and tray failed.', exitCode: 1, canRetry: true });
  expect(fault.detail).not.toContain('abcdefghijklmnop');
  expect(explainStart('text').detail).toBe('text');
});

test('a wrong option is said as it is, and another try of the same start is not offered', () => {
  const fault = explainStart(new UsageError('The port must be a whole number.'));
  expect(fault).toMatchObject({ what: 'The port must be a whole number.', exitCode: 2, canRetry: false, detail: null });
});
