/** What usage can be grouped by, and what its groups are called. Pure. */
import { otherGroup, unattributedGroup, type GroupBy } from '../../contract/analytics.ts';
import { chipWords, type FilterChip } from '../requests/request-filter.ts';

/** The columns the menu offers, in its order; tags follow by name. */
export const groupChoices = [
  { value: 'model', label: 'Model' },
  { value: 'provider', label: 'Provider' },
  { value: 'upstream', label: 'Upstream' },
  { value: 'endpoint', label: 'Endpoint' },
  { value: 'surface', label: 'Surface' },
  { value: 'outcome', label: 'Outcome' },
  { value: 'user', label: 'User' },
  { value: 'session', label: 'Session' },
  { value: 'key', label: 'Key' },
] as const satisfies readonly { readonly value: GroupBy; readonly label: string }[];

const tagPrefix = 'tag.';

/** A tag of this name; null for a name that cannot be one. */
export function tagGrouping(name: string): GroupBy | null {
  const trimmed = name.trim();
  return trimmed === '' ? null : `${tagPrefix}${trimmed}`;
}

/** The name of the tag that is grouped by; null when a column is. */
export function tagOf(groupBy: GroupBy): string | null {
  return groupBy.startsWith(tagPrefix) ? groupBy.slice(tagPrefix.length) : null;
}

/** In the middle of a sentence: "model", "tag team". */
export function groupingWords(groupBy: GroupBy): string {
  const tag = tagOf(groupBy);
  return tag === null ? groupBy : `tag ${tag}`;
}

const nameless: Partial<Record<GroupBy, string>> = {
  model: 'unknown model',
  user: 'no user',
  session: 'no session',
  key: 'no key',
};

/** A group as people read it. Calls without a value are a group of their own; the rest beyond the biggest is "Other". */
export function groupLabel(groupBy: GroupBy, group: string): string {
  if (group === otherGroup) return 'Other';
  if (group === unattributedGroup) return nameless[groupBy] ?? 'no value';
  return groupBy === 'provider' || groupBy === 'outcome' ? chipWords({ field: groupBy, value: group }) : group;
}

/** The filter that lists the calls of a group; null for the two groups that no filter can name. */
export function groupChip(groupBy: GroupBy, group: string): FilterChip | null {
  if (group === otherGroup || group === unattributedGroup) return null;
  const tag = tagOf(groupBy);
  if (tag !== null) return { field: 'tag', value: `${tag}=${group}` };
  const choice = groupChoices.find(({ value }) => value === groupBy);
  return choice === undefined ? null : { field: choice.value, value: group };
}
