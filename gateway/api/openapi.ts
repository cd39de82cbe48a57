/** The OpenAPI 3.1 document, generated from the route table and the zod contract: what is checked is what is described. */
import { z } from 'zod';
import { Filter, questions, type QuestionName } from '../../contract/analytics.ts';
import { Problem } from '../../contract/errors.ts';
import { InFlightCall, Second } from '../../contract/gateway-api.ts';
import { UsageRecord } from '../../contract/usage-record.ts';
import { isList } from './list-export.ts';
import { filterNames, scalarNames } from './query-string.ts';
import type { JsonRoute, Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

const shared = { UsageRecord, InFlightCall, Second, Problem };

/** @param routes every route but the one that serves the document itself */
export function openApi(routes: readonly Route[], version: string): Json {
  const all = [...routes, ownRoute];
  const names = answerNames(all);
  const nameOf = (route: JsonRoute): string => names.get(route.answer) ?? '';
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of all) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, nameOf) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'AI Studio Monitor gateway',
      version,
      description:
        'Control API of the local gateway. Times are UTC; `from` is inclusive, `to` exclusive. Unknown numbers are null, never 0.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token in the file control.token of the data directory.',
        },
      },
      schemas: componentSchemas(names),
    },
  };
}

const ownRoute: Route = {
  kind: 'json',
  method: 'GET',
  path: '/api/openapi.json',
  operationId: 'openapi',
  summary: 'This description',
  access: 'session',
  answer: z.record(z.string(), z.unknown()),
  handle: async () => ({}),
};

const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/** Each answer schema under the name of the first route that gives it. */
function answerNames(routes: readonly Route[]): ReadonlyMap<z.ZodType, string> {
  const names = new Map<z.ZodType, string>();
  for (const route of routes) {
    if (route.kind !== 'json' || names.has(route.answer)) continue;
    names.set(route.answer, `${(route.operationId[0] ?? '').toUpperCase()}${route.operationId.slice(1)}Answer`);
  }
  return names;
}

/** Answers and what they share, each once. */
function componentSchemas(names: ReadonlyMap<z.ZodType, string>): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(shared)) registry.add(schema, { id });
  for (const [schema, id] of names) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, io: 'output' });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutIdentity(schema)]));
}

/** Inside a document a schema is known by its place. */
function withoutIdentity(schema: object): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$id' && key !== '$schema'));
}

function operation(route: Route, nameOf: (route: JsonRoute) => string): Json {
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.access === 'anyone' ? { security: [] } : {}),
    ...(route.kind === 'json' && route.question !== undefined ? { parameters: parameters(route.question) } : {}),
    ...(route.kind === 'json' && route.body !== undefined ? { requestBody: requestBody(route.body) } : {}),
    responses: {
      '200': { description: route.summary, content: answerContent(route, nameOf) },
      default: {
        description: 'What is wrong',
        content: { 'application/problem+json': { schema: reference('Problem') } },
      },
    },
  };
}

const requestBody = (body: z.ZodType): Json => ({
  required: true,
  content: { 'application/json': { schema: inlineSchema(body) } },
});

const inlineSchema = (schema: z.ZodType): Json => withoutIdentity(z.toJSONSchema(schema, { io: 'input' }));

function answerContent(route: Route, nameOf: (route: JsonRoute) => string): Json {
  if (route.kind === 'text') return { [route.contentType.split(';')[0] ?? '']: { schema: { type: 'string' } } };
  const json = { 'application/json': { schema: reference(nameOf(route)) } };
  const asCsv = route.question !== undefined && isList(route.question);
  return asCsv ? { ...json, 'text/csv': { schema: { type: 'string' } } } : json;
}

function parameters(question: QuestionName): readonly Json[] {
  const shape: Readonly<Record<string, z.ZodType>> = questions[question].query.shape;
  const scalars = scalarNames(question).map((name) => parameter(name, inlineSchema(shape[name] ?? z.string())));
  const filters = filterNames.map((name) =>
    parameter(name, filterSchema(name), 'One or more accepted values: repeat the parameter.'),
  );
  return [...scalars, ...filters, tagParameter, ...(isList(question) ? csvParameters : [])];
}

const filterShape: Readonly<Record<string, z.ZodType>> = Filter.shape;
const filterSchema = (name: string): Json => inlineSchema(filterShape[name] ?? z.string());

const parameter = (name: string, schema: Json, description?: string): Json => ({
  name,
  in: 'query',
  required: false,
  schema,
  ...(description === undefined ? {} : { description }),
});

/** A form-exploded object is one parameter a property: `tag.team=search&tag.env=prod`. */
const tagParameter: Json = {
  name: 'tags',
  in: 'query',
  required: false,
  style: 'form',
  explode: true,
  description: 'Filters by tag: `tag.NAME=value`.',
  schema: { type: 'object', propertyNames: { pattern: '^tag\\..+' }, additionalProperties: { type: 'string' } },
};

const csvParameters: readonly Json[] = [
  parameter(
    'format',
    { type: 'string', enum: ['json', 'csv'], default: 'json' },
    'csv streams every row of the range.',
  ),
  parameter('bom', { type: 'boolean', default: false }, 'Begin the CSV with a byte order mark, for Excel.'),
];
