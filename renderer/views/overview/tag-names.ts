/** Names of the tags that calls carry, the commonest first. Pure. */
import type { UsageRecord } from '../../../contract/usage-record.ts';

export function tagNames(calls: readonly Pick<UsageRecord, 'tags'>[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { tags } of calls) for (const name of Object.keys(tags)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].toSorted(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([name]) => name);
}
