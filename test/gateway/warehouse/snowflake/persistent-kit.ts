/** A batch that is delivered as delivery does it, until it is stored, and the proof that it is there once. */
import { expect } from 'vitest';
import type { UsageRecord } from '../../../../contract/usage-record.ts';
import { DestinationFault, type DeliveryResult } from '../../../../gateway/delivery/destination.ts';
import { auditStreams } from '../../../../gateway/warehouse/snowflake/audit.ts';
import type { SnowflakeDestination } from '../../../../gateway/warehouse/snowflake/destination.ts';
import { generateRows } from '../../../helpers/generated-rows.ts';
import type { Fault, FaultPolicy } from '../../../helpers/snowflake-server/faults.ts';
import { auditable, batchOf, type TestSnowflake } from './snowflake-kit.ts';

const rowCount = 30;
export const quick = { statementTimeoutMs: 3_000, loginTimeoutMs: 3_000 } as const;

export const rowsOf = (streamId: string, count = rowCount, firstSeq = 1): UsageRecord[] =>
  generateRows({ count, seed: 30, fromMs: 1.7e12, toMs: 1.7e12 + 3.6e6, streamId, firstSeq });

/** Hexadecimal digits: gzip makes half of them, no more. */
export function noise(length: number, seed: number): string {
  let state = seed + 1;
  const next = () => (state = (state * 48_271) % 2_147_483_647).toString(16).padStart(8, '0').slice(1);
  return Array.from({ length: Math.ceil(length / 7) }, next)
    .join('')
    .slice(0, length);
}
/** The fault once, at the first request whose statement begins so. */
export function faultAt(statement: string, fault: Fault): FaultPolicy {
  let done = false;
  return (request) => {
    if (done || request.statement !== statement) return null;
    done = true;
    return fault;
  };
}

export interface Persisted {
  readonly attempts: number;
  readonly result: DeliveryResult;
  readonly faults: readonly DestinationFault[];
}

/** {@link rowsOf} the stream, with a look at the position before each attempt. */
export async function persist(destination: SnowflakeDestination, streamId: string): Promise<Persisted> {
  const rows = rowsOf(streamId);
  const faults: DestinationFault[] = [];
  for (let attempts = 1; attempts <= 10; attempts += 1) {
    try {
      const from = await destination.readCursor(streamId);
      if (from === rowCount) return { attempts, faults, result: { kind: 'moved', cursor: from } };
      const result = await destination.deliver(
        batchOf(
          rows.filter((row) => row.seq > from),
          from,
        ),
      );
      if (result.kind !== 'rejected') return { attempts, faults, result };
    } catch (error) {
      if (!(error instanceof DestinationFault)) throw error;
      faults.push(error);
    }
  }
  throw new Error(`Not delivered in 10 attempts: ${faults.map((fault) => fault.message).join('; ')}`);
}

export async function streamSeqs({ server }: TestSnowflake, streamId: string): Promise<number[]> {
  const rows = await server.rows(`SELECT seq FROM api_usage_metrics WHERE stream_id = '${streamId}' ORDER BY seq`);
  return rows.map((row) => Number(row['SEQ']));
}

export async function expectExactlyOnce(snowflake: TestSnowflake, streamId: string): Promise<void> {
  expect(await streamSeqs(snowflake, streamId)).toEqual(rowsOf(streamId).map((row) => row.seq));
  const streams = await auditStreams(auditable(snowflake.server));
  const found = streams.find((stream) => stream.streamId === streamId);
  expect(found).toMatchObject({ duplicates: 0, position: rowCount, problems: [] });
}
