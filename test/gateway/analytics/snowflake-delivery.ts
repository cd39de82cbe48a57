/** Fills a Snowflake through Setup and the delivery path, as a gateway does. */
import pino from 'pino';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { createSnowflakeDestination } from '../../../gateway/warehouse/snowflake/destination.ts';
import { openSession } from '../../../gateway/warehouse/snowflake/open-session.ts';
import type { SnowflakeAccess } from '../../../gateway/warehouse/snowflake/session.ts';
import { runSetup } from '../../../gateway/warehouse/snowflake/setup.ts';

const batchRows = 1_000;

export async function deliverToSnowflake(access: SnowflakeAccess, records: readonly UsageRecord[]): Promise<void> {
  const setup = await runSetup(openSession, access, { dryRun: false });
  if (!setup.ok) throw new Error(`Setup failed: ${JSON.stringify(setup.statements)}`);
  const destination = createSnowflakeDestination({
    open: openSession,
    access,
    log: pino({ level: 'silent' }),
    onProtocol: () => undefined,
  });
  try {
    for (const [streamId, rows] of Map.groupBy(records, (record) => record.streamId)) {
      for (let start = 0; start < rows.length; start += batchRows) {
        const batch = rows.slice(start, start + batchRows);
        const from = await destination.readCursor(streamId);
        const result = await destination.deliver({ streamId, from, to: batch.at(-1)?.seq ?? from, rows: batch });
        if (result.kind !== 'stored') throw new Error(`Not stored: ${JSON.stringify(result)}`);
      }
    }
  } finally {
    await destination.close();
  }
}
