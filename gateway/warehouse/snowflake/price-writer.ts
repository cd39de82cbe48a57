/**
 * Writes pages of new prices to Snowflake: audit rows and prices in one transaction, in a session of its own. MERGE locks what it touches, so
 * pages are small and nothing here runs unless somebody asks for it.
 *
 * Repetition is harmless, whoever repeats (SNOWFLAKE.md, driver behaviour 3): the INSERT finds its own audit rows, or prices that do not
 * differ any more; the MERGE finds no difference; with AUTOCOMMIT off nothing that comes late is ever committed. Any fault ends the session, and
 * the page is read and decided again: what was committed then needs no change. For the same reason a page that is too large for one request
 * is written as two halves, each in a transaction of its own.
 */
import {
  auditColumns,
  auditValues,
  pageJson,
  pricesDiffer,
  samePlace,
  type PricePage,
} from '../repricing/price-page.ts';
import { sqlType } from '../table.ts';
import { runSetupAgain } from './destination-fault.ts';
import { SnowflakeFault } from './fault.ts';
import { executeIn, type Execute } from './loader.ts';
import { objectNames, type ObjectNames } from './object-names.ts';
import { queryTag } from './query-tag.ts';
import { maxWireBytes, wireBytes } from './request-body.ts';
import type { OpenSession, SnowflakeAccess, SnowflakeSession } from './session.ts';

export interface PriceWriter {
  /** @throws SnowflakeFault; the page may have been written all the same */
  write(page: PricePage, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const statementTimeoutMs = 120_000;
const lockTimeoutSeconds = 20; // a wait ends as a lock, long before our own deadline

export function openPriceWriter(open: OpenSession, access: SnowflakeAccess): PriceWriter {
  const names = objectNames(access.profile);
  let session: SnowflakeSession | null = null;
  const close = async (): Promise<void> => {
    const ended = session;
    session = null;
    await ended?.close();
  };
  const writeOnce = async (page: PricePage, json: string, signal: AbortSignal): Promise<void> => {
    try {
      session ??= await open(access, { parameters: { AUTOCOMMIT: false, LOCK_TIMEOUT: lockTimeoutSeconds }, signal });
      const how = { tag: queryTag('reprice'), timeoutMs: statementTimeoutMs, signal };
      await writeIn(executeIn(session, how), names, page, json);
    } catch (error) {
      await close();
      throw explained(error, names);
    }
  };
  return {
    close,
    async write(page, signal) {
      for (const waiting = [page]; waiting.length > 0;) {
        const next = waiting.pop() ?? page;
        const json = pageJson(next);
        const isTooLarge = next.changes.length > 1 && wireBytes(json) > maxWireBytes;
        if (isTooLarge || !(await isTaken(writeOnce(next, json, signal), next))) waiting.push(...halvesOf(next));
      }
    },
  };
}

/** False when the server finds the page too large, and there is something to halve. @throws SnowflakeFault */
async function isTaken(writing: Promise<void>, { changes }: PricePage): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof SnowflakeFault && error.kind === 'too_large' && changes.length > 1) return false;
    throw error;
  }
}

/** The first one last, as they are taken from the end. */
function halvesOf(page: PricePage): readonly PricePage[] {
  const middle = Math.ceil(page.changes.length / 2);
  return [page.changes.slice(middle), page.changes.slice(0, middle)].map((changes) => ({ ...page, changes }));
}

async function writeIn(execute: Execute, names: ObjectNames, page: PricePage, json: string): Promise<void> {
  const { firstMs, lastMs, changedAtMs } = page;
  await execute('BEGIN TRANSACTION');
  await execute(noteOldPrices(names), [changedAtMs, json, changedAtMs, firstMs, lastMs]);
  await execute(setNewPrices(names), [json, firstMs, lastMs]);
  await execute('COMMIT');
}

const prices = `(
  SELECT
    f.value:call_id::${sqlType('snowflake', 'text')} AS call_id,
    f.value:stream_id::${sqlType('snowflake', 'text')} AS stream_id,
    f.value:seq::${sqlType('snowflake', 'integer')} AS seq,
    f.value:cost_usd::${sqlType('snowflake', 'money')} AS cost_usd,
    f.value:cost_source::${sqlType('snowflake', 'text')} AS cost_source,
    f.value:price_version::${sqlType('snowflake', 'text')} AS price_version
  FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?))) AS f
) AS p`;
const instant = 'TO_TIMESTAMP_NTZ(CAST(? AS NUMBER(38,0)), 3)';

const noteOldPrices = ({ facts, priceChanges }: ObjectNames) => `INSERT INTO ${priceChanges} (${auditColumns})
SELECT
  ${auditValues}, ${instant}
FROM ${facts} AS m
JOIN ${prices} ON ${samePlace}
LEFT JOIN ${priceChanges} AS known
  ON known.stream_id = m.stream_id AND known.seq = m.seq AND known.changed_at = ${instant}
WHERE m.started_ms BETWEEN ? AND ?
  AND known.seq IS NULL
  AND ${pricesDiffer}`;

const setNewPrices = ({ facts }: ObjectNames) => `MERGE INTO ${facts} AS m
USING ${prices} ON ${samePlace} AND m.started_ms BETWEEN ? AND ?
WHEN MATCHED AND ${pricesDiffer}
THEN UPDATE SET cost_usd = p.cost_usd, cost_source = p.cost_source, price_version = p.price_version`;

function explained(error: unknown, { facts, priceChanges }: ObjectNames): unknown {
  if (!(error instanceof SnowflakeFault)) return error;
  const { kind, code, sqlState } = error;
  const told = (message: string, fix: string) =>
    new SnowflakeFault(kind, message, { fix, code, sqlState, cause: error });
  if (kind === 'table') return told(error.message, runSetupAgain);
  if (kind !== 'privileges') return error;
  return told(
    `The role may not change prices in ${facts} and ${priceChanges}`,
    'Have an administrator grant it: the grants script of Setup has the lines.',
  );
}
