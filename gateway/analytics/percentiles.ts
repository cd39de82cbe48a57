/** Percentile columns, and the sample they are taken from when a range holds very many calls. */
import type { Dialect } from '../warehouse/dialect.ts';
import { raw, type Sql } from './sql.ts';

export type PercentileColumn = readonly [name: string, column: string, fraction: number];

/** `expression AS name, …`; percentiles of one column are asked for together, which engines compute in one pass. */
export function percentiles(dialect: Dialect, wanted: readonly PercentileColumn[]): Sql {
  const byColumn = Map.groupBy(wanted, ([, column]) => column);
  const columns = [...byColumn].flatMap(([column, group]) => {
    const expressions = dialect.percentiles(
      column,
      group.map(([, , fraction]) => fraction),
    );
    return group.map(([name], index) => `${expressions[index]} AS ${name}`);
  });
  return raw(columns.join(', '));
}

/**
 * Enough for 1 % rank error with a wide margin: the rank of a quantile p in a sample of n varies with √(p(1-p)/n), 0.16 % at the median
 * of 100,000, so 1 % is six times that.
 */
const wholeRangeSample = 100_000;
/** Grouped percentiles keep more: each bucket gets its share of the sample. */
export const groupedSample = 4_000_000;

const golden = 2_654_435_761; // 2^32 / golden ratio (Knuth, TAOCP 6.4): spreads the sample evenly whatever the rhythm of the traffic
const modulus = 4_294_967_296;

/** Condition that keeps about `wanted` of `rows` rows; always true when there are no more than that. */
export function sampleOf(rows: number, wanted: number = wholeRangeSample): Sql {
  if (rows <= wanted) return raw('1 = 1');
  const kept = Math.round((wanted / rows) * modulus);
  return raw(`MOD(MOD(seq, 16777216) * ${golden}, ${modulus}) < ${kept}`);
}
