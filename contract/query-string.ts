/**
 * An analytics query as URL parameters, the one spelling every REST client of the gateway uses: scalar fields by name, filter values as
 * repeated parameters (`model=a&model=b`), tag filters as `tag.NAME=value`. Absent fields are left out, so the gateway's defaults hold.
 */
import type { Filter } from './analytics.ts';

type Scalar = string | number | boolean;
export interface QueryFields {
  readonly filter?: Filter | undefined;
  readonly [field: string]: unknown;
}

const isScalar = (value: unknown): value is Scalar => ['string', 'number', 'boolean'].includes(typeof value);

export function toSearchParams({ filter = {}, ...fields }: QueryFields): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (isScalar(value)) params.append(name, String(value));
  const { tags = {}, ...columns } = filter;
  for (const [name, values] of Object.entries(columns)) for (const value of values ?? []) params.append(name, value);
  for (const [name, values] of Object.entries(tags)) for (const value of values) params.append(`tag.${name}`, value);
  return params;
}
