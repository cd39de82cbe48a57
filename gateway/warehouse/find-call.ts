/** One call by its id. A call that a power cut doubled is told as it ended last. */
import type { UsageRecord } from '../../contract/usage-record.ts';
import { factTable, fromRow, recordColumnNames } from './table.ts';
import type { Warehouse } from './warehouse.ts';

export async function findCall(
  warehouse: Pick<Warehouse, 'query'>,
  callId: string,
  signal: AbortSignal,
): Promise<UsageRecord | null> {
  const [row] = await warehouse.query(
    `SELECT ${recordColumnNames.join(', ')} FROM ${factTable} WHERE call_id = ? ORDER BY seq DESC LIMIT 1`,
    [callId],
    signal,
    'call',
  );
  return row === undefined ? null : fromRow(row);
}
