import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { questions } from '../../../contract/analytics.ts';
import { startControlServer, type ControlServer } from '../../helpers/control-server.ts';
import { UsageRecord } from '../../../contract/usage-record.ts';
import { usageRecord } from '../../helpers/usage-records.ts';

let server: ControlServer;
beforeAll(async () => {
  server = await startControlServer();
});
afterAll(() => server.stop());

/** The parts of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1) that this document uses; anything else is an error. */
const Schema = z.record(z.string(), z.unknown());
const Content = z.record(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/), z.strictObject({ schema: Schema }));
const Parameter = z.strictObject({
  name: z.string(),
  in: z.literal('query'),
  required: z.boolean(),
  description: z.string().optional(),
  style: z.literal('form').optional(),
  explode: z.boolean().optional(),
  schema: Schema,
});
const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-zA-Z]+$/),
  summary: z.string().min(5),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z.array(Parameter).optional(),
  requestBody: z.strictObject({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(
    z.string().regex(/^(\d{3}|default)$/),
    z.strictObject({ description: z.string().min(1), content: Content }),
  ),
});
const Document = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    description: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post', 'put', 'delete']), Operation)),
  components: z.strictObject({
    securitySchemes: z.record(
      z.string(),
      z.strictObject({ type: z.literal('http'), scheme: z.literal('bearer'), description: z.string() }),
    ),
    schemas: z.record(z.string().regex(/^[\w.-]+$/), Schema),
  }),
});

const load = async (): Promise<z.output<typeof Document>> =>
  Document.parse(await (await server.get('/api/openapi.json')).json());

describe('the OpenAPI document', () => {
  it('is well-formed and every reference leads somewhere', async () => {
    const document = await load();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? '');
    expect(references.length).toBeGreaterThan(20);
    for (const target of new Set(references)) {
      const name = /^#\/components\/schemas\/([\w.-]+)$/.exec(target)?.[1] ?? '';
      expect([target, name in document.components.schemas]).toEqual([target, true]);
    }
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('describes every path that answers, and every path it describes answers', async () => {
    const { paths } = await load();
    const expected = [
      ...Object.keys(questions).map((name) => `/api/analytics/${name}`),
      ...['realtime', 'health', 'connections'].map((name) => `/api/analytics/${name}`),
      '/api/about',
      '/api/sample',
      ...['', '/test', '/setup', '/sync', '/fleet', '/audit'].map((name) => `/api/snowflake${name}`),
      ...['', '/preview', '/apply', '/confirm-clock'].map((name) => `/api/retention${name}`),
      '/api/prices',
      '/api/prices/explain',
      '/api/recording',
      '/api/thresholds',
      '/api/alerts',
      '/api/alerts/snooze',
      '/api/reprice',
      '/api/login-link',
      '/api/openapi.json',
      '/metrics',
      '/healthz',
    ];
    expect(Object.keys(paths).toSorted()).toEqual(expected.toSorted());
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods)) {
        const { status } = await server.get(path, { method: method.toUpperCase() });
        expect([path, method, status === 404 || status === 405]).toEqual([path, method, false]);
      }
    }
  });

  it('names every parameter of a question', async () => {
    const names = (await load()).paths['/api/analytics/usage']?.get?.parameters?.map(({ name }) => name) ?? [];
    expect(names).toEqual(
      expect.arrayContaining([
        'range',
        'from',
        'to',
        'tz',
        'bucket',
        'groupBy',
        'groupLimit',
        'model',
        'user',
        'tags',
        'format',
        'bom',
      ]),
    );
    expect(names).not.toContain('cursor');
  });

  it('describes a record as the contract has it', async () => {
    const { components } = await load();
    const record = components.schemas['UsageRecord'];
    expect(Object.keys(record?.['properties'] ?? {})).toEqual(Object.keys(UsageRecord.shape));
    expect(Object.keys(usageRecord())).toEqual(expect.arrayContaining([record?.['required']].flat()));
    expect(JSON.stringify(record)).toContain('"costUsd"');
  });
});
