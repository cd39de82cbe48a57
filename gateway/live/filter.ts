/** The contract's filter over records in memory: OR inside a field, AND between fields, as the analytics questions do in SQL. */
import type { Filter } from '../../contract/analytics.ts';
import type { InFlightCall } from '../../contract/gateway-api.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';

type Field = Exclude<keyof Filter, 'tags'>;
type Filterable = Partial<UsageRecord>;

const valueOf: { readonly [F in Field]: (call: Filterable) => string | null | undefined } = {
  upstream: (call) => call.upstream,
  provider: (call) => call.provider,
  model: (call) => call.model ?? call.modelRequested,
  endpoint: (call) => call.endpoint,
  surface: (call) => call.surface,
  outcome: (call) => call.outcome,
  user: (call) => call.userId,
  session: (call) => call.sessionId,
  key: (call) => call.keyId,
};

/** A field with an empty list is a condition nothing meets; an absent one is none. */
export const isEmptyFilter = ({ tags = {}, ...fields }: Filter): boolean =>
  Object.values(fields).every((values) => values === undefined) && Object.keys(tags).length === 0;

/** A running call has no outcome yet: a filter on `outcome` lets it pass. */
export function matches(filter: Filter, call: UsageRecord | InFlightCall): boolean {
  const fields = Object.entries(filter).filter(([name]) => name !== 'tags');
  const inFields = fields.every(([name, wanted]) => matchesField(name, wanted, call));
  return inFields && Object.entries(filter.tags ?? {}).every(([tag, wanted]) => wanted.includes(call.tags[tag] ?? ''));
}

function matchesField(name: string, wanted: unknown, call: Filterable): boolean {
  if (!isField(name) || !Array.isArray(wanted)) return true;
  if (name === 'outcome' && call.outcome === undefined) return true;
  return wanted.includes(valueOf[name](call));
}

const isField = (name: string): name is Field => name in valueOf;
