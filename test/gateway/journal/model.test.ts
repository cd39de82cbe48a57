/**
 * Model-based: random sequences of what a gateway does to its journal, compared with a model of a few lines. Runs on the real store, opener and
 * pruner over a real file; `crash` drops the connection in the middle of a transaction, `lostAnswer` repeats a committed batch.
 */
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkJournal } from '../../../gateway/journal/check.ts';
import { JournalOpener, type OpenJournal } from '../../../gateway/journal/opener.ts';
import type { WalSyncEvents } from '../../../gateway/journal/wal-sync.ts';
import type { Batch, ThreadStart } from '../../../gateway/journal/protocol.ts';
import { openJournalReader } from '../../../gateway/journal/reader.ts';
import { toClosedRow, toOpenedRow } from '../../../gateway/journal/rows.ts';
import { endedCall, freshDataDir, installId, openCallIds, rawRows, runningCall } from './journal-kit.ts';

const runs = Number(process.env['AISM_TEST_MODEL_RUNS'] ?? 60);

interface Model {
  rows: { callId: string; outcome: string; sample: boolean }[]; // ended and still there, oldest first
  given: number; // highest seq
  running: Map<string, number | null>; // callId → last output tokens
}

interface Real {
  readonly dataDir: string;
  opener: JournalOpener;
  journal: OpenJournal;
}

/** `NORMAL` has no syncs of its own; an event would be a fault of the model. */
const noSync: WalSyncEvents = {
  onSynced: () => assert.fail('a sync nobody asked for'),
  onFault: (error) => assert.fail(error),
};

function startRun(dataDir: string): Pick<Real, 'opener' | 'journal'> {
  const start: ThreadStart = {
    dataDir,
    installId,
    installCopy: null,
    lock: null,
    run: randomUUID(),
    epoch: randomUUID(),
    minSeq: 0,
    synchronous: 'NORMAL',
    capBytes: 1e9,
    keepDays: 0,
    clock: null,
    destinations: ['duckdb'],
    delivered: [],
  };
  const opener = new JournalOpener(start);
  return { opener, journal: opener.open(noSync) };
}

abstract class Step implements fc.AsyncCommand<Model, Real> {
  check(_model: Readonly<Model>): boolean {
    return true;
  }
  abstract apply(model: Model, real: Real): void | Promise<void>;
  async run(model: Model, real: Real): Promise<void> {
    await this.apply(model, real);
    const rows = rawRows(real.dataDir);
    assert.deepEqual(
      rows.map((row) => [row.call_id, String(JSON.parse(row.record).outcome)]),
      model.rows.map(({ callId, outcome }) => [callId, outcome]),
    );
    assert.deepEqual(openCallIds(real.dataDir), [...model.running.keys()].toSorted());
    assert.equal(real.journal.store.lastSeq(), model.given);
  }
  toString(): string {
    return `${this.constructor.name} ${JSON.stringify(this)}`;
  }
}

/** Opens, progress and closes of one group commit. */
class Write extends Step {
  readonly opens: number;
  readonly progress: number;
  readonly closes: number;
  readonly sample: boolean;
  readonly lostAnswer: boolean;
  constructor(opens: number, progress: number, closes: number, sample: boolean, lostAnswer: boolean) {
    super();
    this.opens = opens;
    this.progress = progress;
    this.closes = closes;
    this.sample = sample;
    this.lostAnswer = lostAnswer;
  }
  apply(model: Model, real: Real): void {
    const opened = Array.from({ length: this.opens }, () => runningCall());
    for (const call of opened) model.running.set(call.callId, null);
    const moved = [...model.running.keys()].slice(0, this.progress);
    for (const callId of moved) model.running.set(callId, 42);
    const known = [...model.running.keys()].slice(-Math.ceil(this.closes / 2));
    const ids = [
      ...known,
      ...Array.from({ length: Math.max(0, this.closes - known.length) }, () => randomUUID()),
    ].slice(0, this.closes);
    const batch: Batch = {
      opens: opened.map(toOpenedRow),
      progress: moved.map((callId) => ({ callId, record: JSON.stringify(runningCall({ callId, outputTokens: 42 })) })),
      closes: ids.map((callId) => toClosedRow(endedCall({ callId, tags: this.sample ? { aism: 'sample' } : {} }))),
      holds: [],
      handedMs: 0,
      delivered: [],
    };
    const first = real.journal.store.commit(batch, 1e9);
    if (this.lostAnswer) assert.deepEqual(real.journal.store.commit({ ...batch, opens: [] }, 1e9), first);
    assert.deepEqual(
      first.map((place) => place.seq),
      ids.map((_, index) => model.given + index + 1),
    );
    for (const callId of ids) {
      model.running.delete(callId);
      model.rows.push({ callId, outcome: 'ok', sample: this.sample });
    }
    model.given += ids.length;
  }
}

/** The process dies with a transaction half written; the next run recovers. */
class Crash extends Step {
  apply(model: Model, real: Real): void {
    const { database } = real.journal.store;
    database.exec('BEGIN IMMEDIATE');
    database.prepare("INSERT INTO calls VALUES (?, 'x', 'half', 0, 0, 0, '{}', 0)").run(model.given + 1);
    database.close();
    Object.assign(real, startRun(real.dataDir));
    recovered(model);
  }
}

class Restart extends Step {
  async apply(model: Model, real: Real): Promise<void> {
    real.opener.close(real.journal, false);
    await real.opener.noteEnd(real.journal.store.lastSeq());
    Object.assign(real, startRun(real.dataDir));
    recovered(model);
  }
}

/** The thread closes and opens again within one run, as after a disk fault: running calls go on. */
class Reopen extends Step {
  apply(_model: Model, real: Real): void {
    real.opener.close(real.journal, true);
    real.journal = real.opener.open(noSync);
  }
}

class Prune extends Step {
  readonly share: number;
  constructor(share: number) {
    super();
    this.share = share;
  }
  apply(model: Model, real: Real): void {
    const all = rawRows(real.dataDir);
    const floor = all[Math.floor(all.length * this.share) - 1]?.seq ?? 0;
    while (real.journal.pruner.prune(floor, 'at_cap', Date.now()) > 0);
    model.rows.splice(0, all.filter((row) => row.seq <= floor).length);
  }
}

class RemoveSample extends Step {
  apply(model: Model, real: Real): void {
    let removed = 0;
    for (
      let slice = real.journal.pruner.removeSampleSlice();
      slice > 0;
      slice = real.journal.pruner.removeSampleSlice()
    )
      removed += slice;
    assert.equal(removed, model.rows.filter((row) => row.sample).length);
    model.rows = model.rows.filter((row) => !row.sample);
  }
}

function recovered(model: Model): void {
  const ended = [...model.running.keys()];
  model.rows.push(...ended.map((callId) => ({ callId, outcome: 'interrupted', sample: false })));
  model.given += ended.length;
  model.running.clear();
}

const small = fc.integer({ min: 0, max: 4 });
const steps = [
  fc.tuple(small, small, small, fc.boolean(), fc.boolean()).map((args) => new Write(...args)),
  fc.constant(null).map(() => new Crash()),
  fc.constant(null).map(() => new Restart()),
  fc.constant(null).map(() => new Reopen()),
  fc.double({ min: 0, max: 1, noNaN: true }).map((share) => new Prune(share)),
  fc.constant(null).map(() => new RemoveSample()),
];

describe('the journal and its model', () => {
  it(`agree after every step of ${runs} random histories`, { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 25 }), async (commands) => {
        using dir = freshDataDir();
        const model: Model = { rows: [], given: 0, running: new Map() };
        const real: Real = { dataDir: dir.path, ...startRun(dir.path) };
        try {
          await fc.asyncModelRun(() => ({ model, real }), commands);
          expect(deliverable(dir.path)).toEqual(rawRows(dir.path).map((row) => row.seq));
          expect(checkJournal(dir.path)).toMatchObject({ damagedSeqs: [], duplicateCalls: [] });
        } finally {
          if (real.journal.store.database.open) real.journal.store.database.close();
        }
      }),
      { numRuns: runs },
    );
  });
});

function deliverable(dataDir: string): number[] {
  const reader = openJournalReader(dataDir);
  const seqs: number[] = [];
  for (const { streamId } of reader.streams()) {
    for (
      let batch = reader.readBatch(streamId, 0, 3, 1e9);
      batch !== null;
      batch = reader.readBatch(streamId, batch.to, 3, 1e9)
    )
      seqs.push(...batch.rows.map((row) => row.seq));
  }
  reader.close();
  return seqs;
}
