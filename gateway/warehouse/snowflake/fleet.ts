/** Which gateways write to a warehouse, how much, and how recently. A gateway is an install; each of its starts is a stream of its own. */
import type { Fleet } from '../../../contract/snowflake.ts';
import { factTable, offsetTable } from '../table.ts';
import type { SqlRow, Warehouse } from '../warehouse.ts';
import { epochMs, installOf } from './common-sql.ts';

const deliveries = `SELECT ${installOf('stream_id')} AS install_id, MAX(${epochMs('updated_at')}) AS delivered_ms
FROM ${offsetTable}
WHERE last_seq > 0
GROUP BY 1`;

const calls = `SELECT ${installOf('stream_id')} AS install_id, COUNT(*) AS calls, MAX(started_ms) AS newest_ms
FROM ${factTable}
GROUP BY 1`;

type Gateway = Fleet['gateways'][number];

/** Newest delivery first. */
export async function readFleet(warehouse: Warehouse, ownInstallId: string, signal?: AbortSignal): Promise<Fleet> {
  const delivered = await warehouse.query(deliveries, [], signal);
  const counted = new Map((await warehouse.query(calls, [], signal)).map((row) => [row['install_id'], row]));
  const gateways = delivered
    .map((row) => toGateway(row, counted.get(row['install_id']), ownInstallId))
    .toSorted((a, b) => b.lastDeliveredAt.localeCompare(a.lastDeliveredAt) || a.installId.localeCompare(b.installId));
  return { asOf: gateways[0]?.lastDeliveredAt ?? null, gateways };
}

function toGateway(delivery: SqlRow, counted: SqlRow | undefined, ownInstallId: string): Gateway {
  const installId = String(delivery['install_id']);
  const newestMs = counted?.['newest_ms'] ?? null;
  return {
    installId,
    own: installId === ownInstallId,
    lastDeliveredAt: instant(delivery['delivered_ms']),
    rows: Number(counted?.['calls'] ?? 0),
    newestCallAt: newestMs === null ? null : instant(newestMs),
  };
}

const instant = (epochMilliseconds: unknown): string => new Date(Number(epochMilliseconds)).toISOString();
