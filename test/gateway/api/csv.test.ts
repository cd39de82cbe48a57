import { z } from 'zod';
import { afterEach, describe, expect, it } from 'vitest';
import { listLimit } from '../../../contract/analytics.ts';
import { zonedFormat } from '../../../gateway/api/zoned-time.ts';
import { startControlServer, type ControlServer, type ControlServerOptions } from '../../helpers/control-server.ts';
import { parseCsv } from '../../helpers/read-csv.ts';
import { usageRecord } from '../../helpers/usage-records.ts';
import { waitFor } from '../../helpers/wait-for.ts';

let server: ControlServer;
afterEach(() => server.stop());
const start = async (ask: NonNullable<ControlServerOptions['ask']>): Promise<void> => {
  server = await startControlServer({ ask });
};

const range = { from: '2026-06-01T00:00:00.000Z', to: '2026-06-02T00:00:00.000Z', tz: 'UTC' };
const model = {
  provider: 'openai',
  model: 'm',
  calls: 3,
  share: 0.5,
  inputTokens: 10,
  outputTokens: 20,
  costUsd: 0.000001234,
  unpricedCalls: 0,
  p95Ms: 12.5,
};

describe('CSV', () => {
  const payloads = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
    '=HYPERLINK("http://evil","x")',
    "-2+3+cmd|' /C calc'!A0",
    '"=1"',
    'a,b',
    'line\r\nbreak',
    'plain',
  ];
  const dangerous = /^[=+\-@\t\r\n＝＋－＠]/;

  it('disarms text that a spreadsheet would take for a formula and loses nothing of it', async () => {
    await start(async () => ({ range, models: payloads.map((text) => ({ ...model, model: text })) }));
    const text = await (await server.get('/api/analytics/models?format=csv')).text();
    const cells = parseCsv(text)
      .slice(1)
      .map((row) => row[1] ?? '');
    expect(cells).toHaveLength(payloads.length);
    expect(cells.filter((cell) => dangerous.test(cell))).toEqual([]);
    expect(cells.map((cell) => cell.replace(/^'/, ''))).toEqual(payloads);
  });

  it('keeps numbers numbers, unknown empty and one line a row', async () => {
    await start(async () => ({ range, models: [model, { ...model, costUsd: null, p95Ms: null }] }));
    const response = await server.get('/api/analytics/models?format=csv');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="aism-models-\d{4}-\d\d-\d\d\.csv"$/,
    );
    expect(await response.text()).toBe(
      'provider,model,calls,share,inputTokens,outputTokens,costUsd,unpricedCalls,p95Ms\r\n' +
        'openai,m,3,0.5,10,20,0.000001234,0,12.5\r\n' +
        'openai,m,3,0.5,10,20,,0,\r\n',
    );
  });

  it('writes times with the offset of the asked zone, the hour that comes twice included', async () => {
    await start(async () => ({
      range,
      calls: ['2026-11-01T05:30:00.250Z', '2026-11-01T06:30:00.250Z'].map((startedAt) => usageRecord({ startedAt })),
      next: null,
    }));
    const rows = parseCsv(await (await server.get('/api/analytics/calls?format=csv&tz=America/New_York')).text());
    const column = rows[0]?.indexOf('startedAt') ?? -1;
    expect(rows.slice(1).map((row) => row[column])).toEqual([
      '2026-11-01T01:30:00.250-04:00',
      '2026-11-01T01:30:00.250-05:00',
    ]);
    expect(zonedFormat('UTC')('2026-01-02T03:04:05.006Z')).toBe('2026-01-02T03:04:05.006Z');
    expect(zonedFormat('Asia/Kathmandu')('2026-01-02T23:04:05.000Z')).toBe('2026-01-03T04:49:05.000+05:45');
    for (const zone of ['Europe/London', 'Asia/Kathmandu', 'America/St_Johns'])
      expect(Date.parse(zonedFormat(zone)('2026-07-01T12:00:00.000Z'))).toBe(Date.parse('2026-07-01T12:00:00.000Z'));
  });

  it('begins with a byte order mark when asked', async () => {
    await start(async () => ({ range, models: [model] }));
    const bytes = Buffer.from(await (await server.get('/api/analytics/models?format=csv&bom=true')).arrayBuffer());
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  });

  it('of a list asks for every row, not for a page of them, and fails rather than leave some out', async () => {
    const limits: unknown[] = [];
    await start(async (_name, query) => {
      limits.push(z.object({ limit: z.number() }).parse(query).limit);
      return { range, models: Array.from({ length: limits.length === 1 ? 3 : listLimit }, () => model) };
    });
    expect((await server.get('/api/analytics/models?format=csv')).status).toBe(200);
    const tooMany = await server.get('/api/analytics/models?format=csv');
    expect(tooMany.status).toBe(400);
    expect(await tooMany.json()).toMatchObject({ code: 'bad_request', field: 'limit' });
    expect(limits).toEqual([listLimit, listLimit]);
  });

  it('of no rows is the header alone', async () => {
    await start(async () => ({ range, models: [] }));
    expect(await (await server.get('/api/analytics/models?format=csv')).text()).toMatch(
      /^provider,model,[^\r\n]+\r\n$/,
    );
  });
});

describe('CSV of calls', () => {
  it('follows the pages to the end over a range that does not move', async () => {
    const queries: { from?: string; range?: string; cursor?: string; limit?: number }[] = [];
    await start(async (_name, query) => {
      queries.push(query as (typeof queries)[number]);
      const page = queries.length;
      return { range, calls: [usageRecord({ userId: `u${page}` })], next: page < 3 ? `c${page}` : null };
    });
    const rows = parseCsv(await (await server.get('/api/analytics/calls?format=csv&range=24h&user=ann')).text());
    expect(rows).toHaveLength(4);
    expect(queries.map(({ cursor, limit }) => [cursor, limit])).toEqual([
      [undefined, 5000],
      ['c1', 5000],
      ['c2', 5000],
    ]);
    expect(queries.map(({ range: preset, from }) => [preset, from])).toEqual([
      ['24h', undefined],
      [undefined, range.from],
      [undefined, range.from],
    ]);
  });

  it('gives as many rows as were asked for', async () => {
    let pages = 0;
    await start(async () => {
      pages += 1;
      return { range, calls: [usageRecord()], next: 'more' };
    });
    expect(parseCsv(await (await server.get('/api/analytics/calls?format=csv&limit=1')).text())).toHaveLength(2);
    expect(pages).toBe(1);
  });

  it('stops asking when the client leaves', async () => {
    let pages = 0;
    let aborted = false;
    await start(async (_name, _query, signal) => {
      pages += 1;
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return {
        range,
        calls: Array.from({ length: 500 }, () => usageRecord({ tags: { note: 'x'.repeat(2000) } })),
        next: 'more',
      };
    });
    const left = new AbortController();
    const response = await server.get('/api/analytics/calls?format=csv', { signal: left.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    left.abort();
    await waitFor('the abort', () => aborted);
    const then = pages;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(pages).toBe(then);
  });

  it('reads no further than a client that does not take what is there', async () => {
    let pages = 0;
    await start(async () => {
      pages += 1;
      return {
        range,
        calls: Array.from({ length: 500 }, () => usageRecord({ tags: { note: 'x'.repeat(2000) } })),
        next: pages < 400 ? 'more' : null,
      };
    });
    const left = new AbortController();
    await server.get('/api/analytics/calls?format=csv', { signal: left.signal });
    let seen = -1;
    await waitFor('the flow to stand still', async () => {
      const before = pages;
      await new Promise((resolve) => setTimeout(resolve, 300));
      seen = pages;
      return before === pages && pages > 0;
    });
    expect(seen).toBeLessThan(100); // 400 pages would be 400 MB
    left.abort();
  });

  it('breaks off instead of ending well when a later page fails', async () => {
    let pages = 0;
    await start(async () => {
      pages += 1;
      if (pages > 1) throw new Error('gone');
      return { range, calls: [usageRecord()], next: 'more' };
    });
    const response = await server.get('/api/analytics/calls?format=csv');
    await expect(response.text()).rejects.toThrow('terminated');
  });
});
