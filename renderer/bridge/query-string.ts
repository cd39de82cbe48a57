/** An analytics question as the REST query string of DESIGN §6: fields by name, filters repeated, tags as `tag.NAME=value`. */
import type { Filter } from '../../contract/analytics.ts';

type Scalar = string | number | boolean;

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isTags(value: unknown): value is NonNullable<Filter['tags']> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined fields are left out; the order follows the query object, filters last. */
export function queryString(query: Readonly<Record<string, unknown>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (name !== 'filter' && isScalar(value)) params.append(name, String(value));
  }
  const filter = query['filter'];
  if (typeof filter === 'object' && filter !== null) appendFilter(params, filter);
  return params.toString();
}

function appendFilter(params: URLSearchParams, filter: object): void {
  for (const [field, value] of Object.entries(filter)) {
    if (Array.isArray(value)) value.forEach((item) => params.append(field, String(item)));
    else if (field === 'tags' && isTags(value)) appendTags(params, value);
  }
}

function appendTags(params: URLSearchParams, tags: NonNullable<Filter['tags']>): void {
  for (const [tag, values] of Object.entries(tags)) values.forEach((value) => params.append(`tag.${tag}`, value));
}
