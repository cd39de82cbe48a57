/**
 * The only writer of the DuckDB file. Rows and cursor change in one transaction; a cursor that is not where the batch begins refuses the
 * whole batch, so replays, lost answers and a second writer cannot double rows (P4). A call that is there under another stream is left out:
 * a second guard, for a journal or database that was put back from elsewhere. No DDL ever shares a transaction with rows.
 */
import { DuckDBDataChunk, type DuckDBConnection, type DuckDBType } from '@duckdb/node-api';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sampleTag, type UsageRecord } from '../../contract/usage-record.ts';
import type { DeliveryBatch, DeliveryResult, Destination, ParkedRow } from '../delivery/destination.ts';
import { Turn } from '../delivery/turn.ts';
import { crashPoint } from '../journal/crash-point.ts';
import { duckdbDialect } from './duckdb-dialect.ts';
import { duckDbFault } from './duckdb-errors.ts';
import { duckDbType, toDuckDbColumns } from './duckdb-values.ts';
import { writePrices } from './repricing/duckdb-prices.ts';
import type { PricePage } from './repricing/price-page.ts';
import type { MissingHistory } from './missing-history.ts';
import { columns, factTable, historyTable, offsetTable, parkedTable, repricedTable, UnstorableRow } from './table.ts';

const rowsPerChunk = 2_048; // DuckDB's own vector size
const parkedTextLength = 1_024;

/** Undoes the transaction without being a failure. */
class Refused extends Error {
  readonly cursor: number;

  constructor(cursor: number) {
    super(`The cursor stands at ${cursor}`);
    this.cursor = cursor;
  }
}

export class DuckDbWriter implements Destination {
  readonly name = 'duckdb';
  readonly #connection: DuckDBConnection;
  readonly #columnOrder: readonly string[];
  readonly #types: readonly DuckDBType[];
  readonly #turn = new Turn();

  constructor(connection: DuckDBConnection, columnOrder: readonly string[]) {
    this.#connection = connection;
    this.#columnOrder = columnOrder;
    const kinds = new Map(columns.map((column) => [column.name, column.kind]));
    this.#types = columnOrder.map((name) => duckDbType(kinds.get(name) ?? 'text'));
  }

  readCursor(streamId: string): Promise<number> {
    return this.#turn.take(() => this.#cursor(streamId));
  }

  async deliver(batch: DeliveryBatch): Promise<DeliveryResult> {
    let known = 0;
    const moved = await this.#moving(batch, async () => {
      const there = await this.#knownCalls(batch.rows);
      known = there.size;
      await this.#append(known === 0 ? batch.rows : batch.rows.filter(({ callId }) => !there.has(callId)));
    });
    return moved.kind === 'stored' && known > 0 ? { ...moved, known } : moved;
  }

  park(row: ParkedRow): Promise<DeliveryResult> {
    return this.#moving(row, async () => {
      await this.#connection.run(
        `INSERT INTO ${parkedTable} (stream_id, seq, reason, record, parked_at) VALUES (?, ?, ?, ?, now() AT TIME ZONE 'UTC')`,
        [row.streamId, row.to, row.reason, parkedText(row.row)],
      );
    });
  }

  /** Removes rows of the sample upstream, parked ones too; how many fact rows went. */
  removeSample(): Promise<number> {
    return this.#turn.take(async () => {
      const tagged = `${duckdbDialect.jsonText('tags', '?')} = ?`;
      const removed = await this.#changed(`DELETE FROM ${factTable} WHERE ${tagged}`, [
        sampleTag.name,
        sampleTag.value,
      ]);
      const parkedTag = `json_extract_string(record, '/tags/${sampleTag.name}') = ?`;
      await this.#changed(`DELETE FROM ${parkedTable} WHERE ${parkedTag}`, [sampleTag.value]);
      return removed;
    });
  }

  /** Retention: removes calls that started before `startedMs` (epoch ms), and rows parked before it; how many calls. */
  deleteBefore(startedMs: number): Promise<number> {
    return this.#turn.take(async () => {
      await this.#changed(`DELETE FROM ${parkedTable} WHERE parked_at < make_timestamp(?::BIGINT * 1000)`, [startedMs]);
      return this.#changed(`DELETE FROM ${factTable} WHERE started_ms < ?`, [startedMs]);
    });
  }

  /** Old prices into the audit table, new ones into their rows, in one transaction. */
  changePrices(page: PricePage): Promise<void> {
    return this.#turn.take(() =>
      this.#transaction(() => writePrices((sql, binds) => this.#connection.run(sql, binds), page)),
    );
  }

  /** Remembers that this file has seen a run of re-pricing. */
  noteRepriced(runAt: string): Promise<void> {
    return this.#turn.take(async () => {
      await this.#changed(`INSERT INTO ${repricedTable} (run_at) VALUES (?)`, [runAt]);
    });
  }

  /** Remembers what is missing here. */
  noteMissing({ foundMs, beforeMs, file }: MissingHistory): Promise<void> {
    return this.#turn.take(async () => {
      await this.#connection.run(`INSERT INTO ${historyTable} (found_ms, before_ms, file) VALUES (?, ?, ?)`, [
        foundMs,
        beforeMs,
        file,
      ]);
    });
  }

  close(): void {
    this.#connection.closeSync();
  }

  async #cursor(streamId: string): Promise<number> {
    const result = await this.#connection.run(`SELECT last_seq FROM ${offsetTable} WHERE stream_id = ?`, [streamId]);
    const [row] = await result.getRows();
    return Number(row?.[0] ?? 0);
  }

  #moving(move: { streamId: string; from: number; to: number }, write: () => Promise<void>): Promise<DeliveryResult> {
    return this.#turn.take(async () => {
      try {
        await this.#transaction(async () => {
          await this.#moveCursor(move);
          await write();
        });
        return { kind: 'stored' };
      } catch (error) {
        if (error instanceof Refused) return { kind: 'moved', cursor: error.cursor };
        if (error instanceof UnstorableRow || duckDbFault(error) === 'data')
          return { kind: 'rejected', reason: reasonOf(error) };
        throw error;
      }
    });
  }

  async #transaction(work: () => Promise<void>): Promise<void> {
    await this.#connection.run('BEGIN TRANSACTION');
    try {
      await work();
      crashPoint('duckdb.beforeCommit');
      await this.#connection.run('COMMIT');
      crashPoint('duckdb.afterCommit');
    } catch (error) {
      await this.#rollback(error);
      throw error;
    }
  }

  /** A COMMIT that failed has already ended its transaction: then there is nothing to roll back. */
  async #rollback(cause: unknown): Promise<void> {
    try {
      await this.#connection.run('ROLLBACK');
    } catch (error) {
      if (!/no transaction is active/i.test(reasonOf(error))) {
        throw new Error(`Rollback after "${reasonOf(cause)}" failed: ${reasonOf(error)}`, { cause: error });
      }
    }
  }

  async #moveCursor({ streamId, from, to }: { streamId: string; from: number; to: number }): Promise<void> {
    const moved = await this.#changed(
      `UPDATE ${offsetTable} SET last_seq = ?, updated_at = now() AT TIME ZONE 'UTC' WHERE stream_id = ? AND last_seq = ?`,
      [to, streamId, from],
    );
    if (moved === 1) return;
    const began =
      from === 0 &&
      (await this.#changed(
        `INSERT INTO ${offsetTable} (stream_id, last_seq, updated_at)
         SELECT ?, ?, now() AT TIME ZONE 'UTC' WHERE NOT EXISTS (SELECT 1 FROM ${offsetTable} WHERE stream_id = ?)`,
        [streamId, to, streamId],
      )) === 1;
    if (!began) throw new Refused(await this.#cursor(streamId));
  }

  async #changed(sql: string, binds: (string | number)[]): Promise<number> {
    return (await this.#connection.run(sql, binds)).rowsChanged;
  }

  /**
   * Which of these calls the table holds. A unique index would say so too, but replaying one after a kill has lost databases (table.ts). Rows of
   * one call have one start, so row groups of other times are passed over by their statistics.
   */
  async #knownCalls(rows: readonly UsageRecord[]): Promise<ReadonlySet<unknown>> {
    if (rows.length === 0) return new Set();
    const starts = rows.map(({ startedAt }) => Date.parse(startedAt)).filter(Number.isFinite);
    const first = starts.reduce((a, b) => Math.min(a, b), Infinity);
    const last = starts.reduce((a, b) => Math.max(a, b), -Infinity);
    if (first > last) return new Set(); // no row can be stored: the append says why
    const result = await this.#connection.run(
      `SELECT call_id FROM ${factTable} WHERE started_ms BETWEEN ? AND ?
         AND call_id IN (SELECT unnest(from_json(?, '["VARCHAR"]')))`,
      [first, last, JSON.stringify(rows.map(({ callId }) => callId))],
    );
    return new Set((await result.getRows()).map(([callId]) => callId));
  }

  /** Column vectors through the appender: 5,000 rows in about 60 ms, against 300 ms value by value. Yields between vectors. */
  async #append(rows: readonly UsageRecord[]): Promise<void> {
    const appender = await this.#connection.createAppender(factTable);
    for (let start = 0; start < rows.length; start += rowsPerChunk) {
      const part = rows.slice(start, start + rowsPerChunk);
      const chunk = DuckDBDataChunk.create(this.#types, part.length);
      chunk.setColumns(toDuckDbColumns(part, this.#columnOrder));
      appender.appendDataChunk(chunk);
      await nextTurn();
    }
    appender.closeSync();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The record as JSON with long text cut: enough to see what was wrong with it. */
function parkedText(row: UsageRecord): string {
  return JSON.stringify(row, (_key, value: unknown) =>
    typeof value === 'string' && value.length > parkedTextLength ? `${value.slice(0, parkedTextLength)}…` : value,
  );
}
