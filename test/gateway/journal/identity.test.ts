/** Rows keep the identity they were written under: a destination knows them by it, and anything else would count them twice. */
import { existsSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkJournal } from '../../../gateway/journal/check.ts';
import type { JournalOptions } from '../../../gateway/journal/client.ts';
import { journalPath } from '../../../gateway/journal/files.ts';
import { readIdentity } from '../../../gateway/journal/identity.ts';
import { openJournalReader } from '../../../gateway/journal/reader.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { replaceBytes } from './damage.ts';
import { endedCall, freshDataDir, startTestJournal, type DataDir } from './journal-kit.ts';

const longMs = 10_000;
const first = '0198c3a4-0000-4000-8000-000000000001';
const second = '0198c3a4-0000-4000-8000-000000000002';
let dir: DataDir;
beforeEach(() => {
  dir = freshDataDir();
});
afterEach(() => {
  dir[Symbol.dispose]();
});

/** One run of a gateway whose install.json names `installId`; what health says, and the stream its row got. */
async function run(
  installId: string,
  options: Partial<JournalOptions> = {},
): Promise<{ detail: string; state: string; streamId: string }> {
  const journal = await startTestJournal(dir.path, { installId, ...options });
  const { streamId } = await journal.close(endedCall(), longMs);
  await waitFor('the journal to be open', () => journal.health().rows > 0);
  const { detail, state } = journal.health();
  await journal.stop();
  return { detail, state, streamId };
}

function streams(): { installs: string[]; rows: number } {
  const reader = openJournalReader(dir.path);
  const found = reader.streams();
  const rows = found.flatMap(({ streamId }) => reader.readBatch(streamId, 0, 1000, 1e9)?.rows ?? []);
  reader.close();
  return { installs: [...new Set(found.map(({ streamId }) => streamId.split(':')[0] ?? ''))], rows: rows.length };
}

describe('the identity of a journal', () => {
  it('stays what it was when the installation has another one, and health names both', async () => {
    const before = await run(first);
    const after = await run(second);
    expect(before.state).toBe('ok');
    expect(after.state).toBe('degraded');
    expect(after.detail).toContain(first);
    expect(after.detail).toContain(second);
    expect([before, after].map(({ streamId }) => streamId.split(':')[0])).toEqual([first, first]);
    expect(streams()).toEqual({ installs: [first], rows: 2 });
    expect((await run(first)).state).toBe('ok');
  });

  it.each([
    ['emptied', () => truncateSync(journalPath(dir.path), 0)],
    ['removed', () => rmSync(journalPath(dir.path))],
  ])('goes on after the file was %s, because journal.state says it too', async (_how, harm) => {
    await run(first);
    harm();
    await run(second);
    expect(streams()).toEqual({ installs: [first], rows: 1 });
  });

  it('is taken along when a damaged file is salvaged, even without journal.state', async () => {
    await run(first);
    rmSync(join(dir.path, 'journal.state'));
    replaceBytes(journalPath(dir.path), 'CREATE TABLE epochs', 'CREATE TABLE epochX');
    await run(second);
    expect(existsSync(journalPath(dir.path))).toBe(true);
    expect(streams()).toEqual({ installs: [first], rows: 2 });
  });

  it('is known without opening the journal for writing, and so is its copy of install.json', async () => {
    expect(readIdentity(dir.path)).toBeNull();
    const installCopy = JSON.stringify({ installId: first, salt: 'x' });
    await run(first, { installCopy });
    expect(readIdentity(dir.path)).toEqual({ installId: first, installCopy });
    await run(second, { installCopy: JSON.stringify({ installId: second, salt: 'y' }) });
    expect(readIdentity(dir.path)).toEqual({ installId: first, installCopy });
    writeFileSync(journalPath(dir.path), 'no database at all, but long enough to be read as one');
    expect(readIdentity(dir.path)).toEqual({ installId: first, installCopy: null });
  });

  it('that differs from install.json is a problem for `journal check`', async () => {
    await run(first);
    const withFile = (installId: string): void =>
      writeFileSync(join(dir.path, 'install.json'), JSON.stringify({ installId }));
    withFile(first);
    expect(checkJournal(dir.path)).toMatchObject({ ok: true, problems: [] });
    withFile(second);
    const { ok, problems } = checkJournal(dir.path);
    expect(ok).toBe(false);
    expect(problems.join(' ')).toMatch(new RegExp(`${first}.*${second}`));
  });
});
