import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningJournal } from '../../../gateway/journal/client.ts';
import { startChild, type ChildLink } from '../../../gateway/warehouse/child-link.ts';
import { seededRandom } from '../../../gateway/sample/answer-plan.ts';
import { freshDir, openStore, removeDir } from '../analytics/warehouse-kit.ts';
import { rawRows } from '../journal/journal-kit.ts';
import { entry, openJournal, startTestWarehouse, untilCalls, writeCalls } from './supervisor-kit.ts';

let dataDir: string;
let journal: RunningJournal;

beforeEach(async () => {
  dataDir = freshDir();
  journal = await openJournal(dataDir);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await journal.stop();
  removeDir(dataDir);
});

interface Life {
  readonly child: ChildLink;
  /** Resolves when the database is open, or the process is gone. */
  readonly opened: Promise<unknown>;
}

function live(): Life {
  let isOpen: () => void = () => undefined;
  const open = new Promise<void>((resolve) => {
    isOpen = resolve;
  });
  const child = startChild(entry, {
    onMessage: (message) => {
      if (message.kind === 'opened') isOpen();
    },
    onText: () => undefined,
  });
  child.send({ kind: 'start', dataDir, lock: null, suspect: null });
  return { child, opened: Promise.race([open, child.ended]) };
}

/** The oracle: what the journal holds and what DuckDB holds are the same rows, each once, and the cursor stands at the last. */
async function expectSameAsJournal(): Promise<void> {
  const client = startTestWarehouse(dataDir);
  await untilCalls(client, rawRows(dataDir).length);
  await client.stop();
  const store = await openStore(dataDir);
  try {
    expect(store.setAside).toBeNull();
    const stored = await store.warehouse.query('SELECT seq, call_id FROM api_usage_metrics ORDER BY seq', []);
    expect(stored).toEqual(rawRows(dataDir).map(({ seq, call_id: callId }) => ({ seq, call_id: callId })));
    expect(await store.destination.readCursor(journal.streamId)).toBe(stored.at(-1)?.['seq']);
  } finally {
    await store.close();
  }
}

describe('kill -9 of the warehouse process', () => {
  it('at random instants of delivery neither loses nor doubles a row', async () => {
    const random = seededRandom(9);
    let written = 0;
    for (let round = 0; round < 24; round += 1) {
      const { child, opened } = live();
      const count = 200 + Math.floor(random() * 2_000);
      const writing = writeCalls(journal, count, written);
      written += count;
      if (round % 4 !== 0) await opened; // every fourth dies while it starts or opens
      await sleep(random() * 250);
      child.kill();
      await child.ended;
      await writing;
    }
    expect(rawRows(dataDir)).toHaveLength(written);
    await expectSameAsJournal();
  }, 180_000);

  it.each(['duckdb.beforeCommit', 'duckdb.afterCommit', 'delivery.beforeDeliver', 'delivery.afterDeliver'])(
    'at %s neither loses nor doubles a row',
    async (point) => {
      for (let round = 0; round < 2; round += 1) {
        vi.stubEnv('AISM_CRASH_AT', `${point}:1`);
        await writeCalls(journal, 50, round * 50);
        const { child } = live();
        expect(await child.ended).toMatchObject({ signal: 'SIGKILL' });
        vi.stubEnv('AISM_CRASH_AT', '');
        await expectSameAsJournal();
      }
    },
    60_000,
  );
});
