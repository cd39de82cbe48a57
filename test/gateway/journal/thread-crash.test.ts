/** The thread may die like any other part: nothing reaches the proxy, and what it had not committed is committed by the next one. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalHealth } from '../../../contract/gateway-api.ts';
import { checkJournal } from '../../../gateway/journal/check.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import {
  endedCall,
  freshDataDir,
  gaplessFrom,
  journalConfig,
  openCallIds,
  rawRows,
  runningCall,
  startTestJournal,
  threadEntry,
  type DataDir,
} from './journal-kit.ts';

const longMs = 20_000;
const fragileThread = new URL('fragile-thread.ts', import.meta.url);
let dir: DataDir;
beforeEach(() => {
  dir = freshDataDir();
});
afterEach(() => {
  dir[Symbol.dispose]();
});

describe('a journal whose thread dies', () => {
  it.each([
    ['before', 'NORMAL'],
    ['after', 'NORMAL'],
    ['before', 'FULL'],
    ['after', 'FULL'],
  ] as const)('starts another one and writes what it had %s the commit, once (%s)', async (moment, synchronous) => {
    const seen: JournalHealth['state'][] = [];
    const journal = await startTestJournal(dir.path, {
      threadEntry: fragileThread,
      config: { ...journalConfig, synchronous },
      onHealthChange: ({ state }) => seen.push(state),
    });
    const running = runningCall();
    journal.open(running);
    await waitFor('the open row', () => openCallIds(dir.path).length === 1);
    await journal.close(endedCall(), longMs);
    writeFileSync(join(dir.path, `die-${moment}`), '');
    const calls = Array.from({ length: 50 }, () => endedCall());
    const results = await Promise.all(calls.map((call) => journal.close(call, longMs)));
    expect(results.some((result) => result.durable)).toBe(false); // released at once: the deadline is not waited out
    await waitFor('the rows', () => journal.health().state === 'ok' && journal.health().waitingRows === 0);

    expect(journal.health()).toMatchObject({ lostRows: 0, lateCommits: 50, rows: 51, openRows: 1 });
    expect(openCallIds(dir.path)).toEqual([running.callId]);
    expect(rawRows(dir.path).map((row) => row.seq)).toEqual(gaplessFrom(1, 51));
    expect(seen).toEqual(['ok', 'degraded', 'ok']);
    expect(await journal.close(endedCall({ callId: running.callId }), longMs)).toEqual({
      durable: true,
      seq: 52,
      streamId: journal.streamId,
    });
    await journal.stop();
    expect(checkJournal(dir.path)).toMatchObject({ ok: true });
  });

  it('starts without one that cannot be loaded, and keeps trying', async () => {
    const journal = await startTestJournal(dir.path, { threadEntry: new URL('missing-thread.ts', import.meta.url) });
    expect(journal.health().state).toBe('degraded');
    expect(await journal.close(endedCall(), 50)).toMatchObject({ durable: false });
    await journal.stop();
    expect(journal.health()).toMatchObject({ state: 'down', lostRows: 1 });
  });

  it('starts without one that the system refuses to start, and has it as soon as it may', async () => {
    const threadOf = new URL('http://127.0.0.1/'); // Node throws at once, as it does for a thread that gets no memory
    const journal = await startTestJournal(dir.path, { threadEntry: threadOf });
    expect(journal.health().state).toBe('degraded');
    expect(await journal.close(endedCall(), 50)).toMatchObject({ durable: false });
    threadOf.href = threadEntry.href;
    await waitFor('the thread', () => journal.health().state === 'ok' && journal.health().waitingRows === 0);
    expect(rawRows(dir.path)).toHaveLength(1);
    await journal.stop();
  });
});
