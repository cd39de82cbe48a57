/**
 * The one meaning of "unpriced": a generation call that may have cost something, and nobody knows what. Sums of cost that leave such calls out
 * are lower bounds ("at least"). It stands here twice, for records and for SQL; a test compares the two over random calls.
 *
 * A call that was cancelled, interrupted or broken off counts: the provider may bill what it generated. Two kinds are not
 * billed: a call that no connection was made for, and one that was answered with HTTP 400 or higher.
 */
import { isGeneration, type UsageRecord } from './usage-record.ts';

/** How a call fails before anything of it reaches the upstream. */
const unreachedCodes: readonly string[] = ['upstream_refused', 'upstream_dns', 'upstream_tls'];

export type UnpricedFields = 'surface' | 'costUsd' | 'statusCode' | 'outcome' | 'errorCode';

export function isUnpriced(record: Pick<UsageRecord, UnpricedFields>): boolean {
  if (record.costUsd !== null || !isGeneration(record)) return false;
  return !wasRefused(record) && !neverArrived(record);
}

const wasRefused = ({ statusCode }: Pick<UsageRecord, UnpricedFields>): boolean =>
  statusCode !== null && statusCode >= 400;

const neverArrived = ({ outcome, errorCode }: Pick<UsageRecord, UnpricedFields>): boolean =>
  outcome === 'network_error' && errorCode !== null && unreachedCodes.includes(errorCode);

/** The same as an SQL condition that is never NULL, on both engines. @param table alias to qualify columns with, for example `m` */
export function unpricedSql(table?: string): string {
  const column = (name: string): string => (table === undefined ? name : `${table}.${name}`);
  const codes = unreachedCodes.map((code) => `'${code}'`).join(', ');
  const unreached = `(${column('outcome')} = 'network_error' AND COALESCE(${column('error_code')}, '') IN (${codes}))`;
  return `(${column('generation')} AND ${column('cost_usd')} IS NULL AND COALESCE(${column('status_code')}, 0) < 400 AND NOT ${unreached})`;
}
