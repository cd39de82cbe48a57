/**
 * Query strings into questions. Every name is known or refused, so a misspelt filter never answers a wider question than was asked.
 * A filter is given by repeating it; names that cannot hold a comma also take a comma-separated list.
 */
import type { z } from 'zod';
import { Filter, questions, type QuestionName, type QuestionQuery } from '../../contract/analytics.ts';
import { AppError } from '../../contract/errors.ts';

const listed: ReadonlySet<string> = new Set(['upstream', 'provider', 'model', 'surface', 'outcome']);
export const filterNames: readonly string[] = Object.keys(Filter.shape).filter((name) => name !== 'tags');
const tagPrefix = 'tag.';

/** Scalar parameters of a question beside the filters, in the order of its schema. */
export const scalarNames = (name: QuestionName): readonly string[] =>
  Object.keys(questions[name].query.shape).filter((key) => key !== 'filter');

/** @throws AppError `bad_request` whose `field` is the parameter at fault */
export function parseQuestion<K extends QuestionName>(name: K, params: URLSearchParams): QuestionQuery<K> {
  const scalars = new Set(scalarNames(name));
  const query: Record<string, unknown> = {};
  const filter: Record<string, string[]> = {};
  const tags: Record<string, string[]> = {};
  for (const key of new Set(params.keys())) {
    const values = params.getAll(key);
    if (scalars.has(key)) query[key] = scalarOf(key, values);
    else if (filterNames.includes(key))
      filter[key] = listed.has(key) ? values.flatMap((value) => value.split(',')) : values;
    else if (key.startsWith(tagPrefix) && key.length > tagPrefix.length) tags[key.slice(tagPrefix.length)] = values;
    else throw unknownParameter(name, key);
  }
  const withTags = Object.keys(tags).length === 0 ? filter : { ...filter, tags };
  // The compiler cannot tie the schema looked up by name to K; the lookup itself does.
  return check(questions[name].query, { ...query, filter: withTags }) as QuestionQuery<K>;
}

/** @throws AppError `bad_request` naming the first field that the schema refuses */
export function check<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = fieldOf(issue?.path ?? []);
  throw new AppError('bad_request', field === '' ? explain(issue) : `${field}: ${explain(issue)}`, {
    field,
    cause: parsed.error,
  });
}

/** The schema's own words, except where they describe our types instead of what a caller may write. */
function explain(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_value') return `unknown value. Accepted: ${issue.values.map(String).join(', ')}`;
  if (issue?.code === 'invalid_type' && issue.expected === 'number') return 'not a number. Accepted: a whole number';
  return issue?.message ?? 'Invalid input';
}

function scalarOf(key: string, values: readonly string[]): unknown {
  const [value = '', ...others] = values;
  if (others.length > 0)
    throw new AppError('bad_request', `${key}: given ${values.length} times, once is accepted.`, { field: key });
  const isNumber = (key === 'limit' || key === 'groupLimit') && /^-?\d{1,9}$/.test(value);
  return isNumber ? Number(value) : value;
}

/** `filter.user.0` was written `user`, `filter.tags.team.0` was written `tag.team`. */
function fieldOf(path: readonly PropertyKey[]): string {
  const [first, second, third] = path.map(String);
  if (first !== 'filter' || second === undefined) return path.map(String).join('.');
  return second === 'tags' ? `${tagPrefix}${third ?? ''}` : second;
}

function unknownParameter(name: QuestionName, key: string): AppError {
  const accepted = [...scalarNames(name), ...filterNames, 'tag.NAME', 'format', 'bom'].join(', ');
  return new AppError('bad_request', `${key}: unknown parameter. Accepted: ${accepted}.`, { field: key });
}
