/**
 * The user's Snowflake as a destination of delivery (P4).
 *
 * Invariants:
 * - Position and rows change in one transaction: one CALL (destination-procedure.ts), or the guarded transaction (destination-guarded.ts).
 * - An outcome is never inferred from an error. Any fault but a refusal of the data ends the session; delivery then reads the position, on a
 *   new session, before it sends again.
 * - One session, one statement at a time. The driver's own repetitions are harmless by protocol, not by luck.
 * - What cannot be stored is refused here, before it is sent, so that one bad row never poisons a batch.
 */
import type { DeliveryLog } from '../../delivery/delivery.ts';
import { DestinationFault } from '../../delivery/destination.ts';
import type { DeliveryBatch, DeliveryResult, Destination, ParkedRow } from '../../delivery/destination.ts';
import { Turn } from '../../delivery/turn.ts';
import { encodeParked, encodeRows } from './batch-json.ts';
import { toDestinationFault } from './destination-fault.ts';
import { blamesTheLoad, type Load, type Protocol } from './loader.ts';
import { OwnAttempts } from './own-attempts.ts';
import type { OpenSession, SnowflakeAccess } from './session.ts';
import { openWriter, type MakeLoader, type Writer } from './writer.ts';

export interface SnowflakeDestinationOptions {
  readonly open: OpenSession;
  readonly access: SnowflakeAccess;
  readonly log: DeliveryLog;
  readonly onProtocol: (protocol: Protocol) => void;
  readonly statementTimeoutMs?: number;
  readonly loginTimeoutMs?: number;
  readonly lockTimeoutSeconds?: number;
  readonly withoutProcedure?: MakeLoader;
}

export interface SnowflakeDestination extends Destination {
  readonly name: 'snowflake';
  close(): Promise<void>;
}

const defaultStatementTimeoutMs = 90_000; // a suspended warehouse resumes within it, and a wait for a lock ends long before
const defaultLoginTimeoutMs = 30_000;

export function createSnowflakeDestination(options: SnowflakeDestinationOptions): SnowflakeDestination {
  return new SessionDestination(options);
}

class SessionDestination implements SnowflakeDestination {
  readonly name = 'snowflake';
  readonly #options: SnowflakeDestinationOptions;
  readonly #turn = new Turn();
  readonly #attempts = new OwnAttempts();
  #writer: Writer | null = null;
  #protocol: Protocol | null = null;

  constructor(options: SnowflakeDestinationOptions) {
    this.#options = options;
  }

  readCursor(streamId: string): Promise<number> {
    return this.#turn.take(() => this.#guard(async () => (await this.#open()).readPosition(streamId)));
  }

  async deliver({ streamId, from, to, rows }: DeliveryBatch): Promise<DeliveryResult> {
    const encoded = encodeRows(rows);
    if (!encoded.ok) return { kind: 'rejected', reason: encoded.reason };
    const load = { streamId, from, to, rowCount: rows.length, rowsJson: encoded.json, parkedJson: '[]' };
    const result = await this.#load(load);
    return result.kind === 'rejected' && rows.length === 1 ? this.#loadAnew(load) : result;
  }

  park({ streamId, from, to, row, reason }: ParkedRow): Promise<DeliveryResult> {
    return this.#load({ streamId, from, to, rowCount: 0, rowsJson: '[]', parkedJson: encodeParked(row, reason) });
  }

  close(): Promise<void> {
    return this.#turn.take(async () => {
      const writer = this.#writer;
      this.#writer = null;
      await writer?.close();
    });
  }

  #load(load: Load): Promise<DeliveryResult> {
    return this.#turn.take(() => this.#guard(() => this.#attempt(load)));
  }

  /** One row that is refused alone is about to be set aside for good: not for what was wrong with the session, or for a moment. */
  #loadAnew(load: Load): Promise<DeliveryResult> {
    this.#drop();
    return this.#load(load);
  }

  async #attempt(load: Load): Promise<DeliveryResult> {
    const answer = await this.#send(await this.#open(), load);
    if (answer.kind === 'moved') return this.#refused(load, answer.cursor);
    if (answer.kind === 'stored') this.#attempts.stored(load.streamId);
    return answer;
  }

  async #send(writer: Writer, load: Load): Promise<DeliveryResult> {
    try {
      return await writer.load(load);
    } catch (error) {
      if (blamesTheLoad(error)) return { kind: 'rejected', reason: error.message };
      this.#attempts.unknown(load.streamId, load.to);
      throw error;
    }
  }

  /** A position that is our own doing is not a second writer: delivery reads it and goes on from there. */
  #refused({ streamId, from, to }: Load, cursor: number): DeliveryResult {
    if (cursor === from)
      throw new DestinationFault('offline', 'The network repeated a statement; the batch goes again');
    if (cursor !== to && this.#attempts.isOwn(streamId, cursor)) {
      throw new DestinationFault('offline', 'An earlier attempt of ours has landed; the rest goes on from there');
    }
    return { kind: 'moved', cursor };
  }

  async #open(): Promise<Writer> {
    if (this.#writer !== null && !this.#writer.isFresh()) this.#drop();
    this.#writer ??= await openWriter({
      statementTimeoutMs: defaultStatementTimeoutMs,
      loginTimeoutMs: defaultLoginTimeoutMs,
      ...this.#options,
    });
    this.#tellProtocol(this.#writer.protocol);
    return this.#writer;
  }

  #tellProtocol(protocol: Protocol): void {
    if (protocol === this.#protocol) return;
    this.#protocol = protocol;
    this.#options.log.info({ destination: this.name, protocol }, 'DeliveryProtocolChosen');
    this.#options.onProtocol(protocol);
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#drop();
      throw toDestinationFault(error);
    }
  }

  /** Not waited for: a session that does not answer may take long to say goodbye. */
  #drop(): void {
    void this.#writer?.close();
    this.#writer = null;
  }
}
