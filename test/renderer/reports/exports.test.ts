import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../../contract/errors.ts';
import type { Bridge } from '../../../contract/ipc.ts';
import type { ExportResult } from '../../../contract/reports.ts';
import { createTellers } from '../../../renderer/bridge/tellers.ts';
import { createExportDesk } from '../../../renderer/reports/export-store.ts';
import { amount, fileNameOf, headline } from '../../../renderer/reports/export-words.ts';
import { frozenQuery } from '../../../renderer/reports/frozen-query.ts';

const nowMs = Date.parse('2026-11-24T09:30:00Z');

describe('a query that is exported', () => {
  it('keeps the period of the moment it was asked at, in its own zone', () => {
    expect(frozenQuery({ range: '15m', tz: 'UTC', search: 'x' }, nowMs)).toEqual({
      from: '2026-11-24T09:15:00.000Z',
      to: '2026-11-24T09:30:00.000Z',
      tz: 'UTC',
      search: 'x',
    });
    expect(frozenQuery({ range: 'today', tz: 'America/New_York' }, nowMs)).toMatchObject({
      from: '2026-11-24T05:00:00.000Z',
    });
  });

  it('is left as it is where it has bounds, and means a day where it has no period', () => {
    const bounds = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' };
    expect(frozenQuery(bounds, nowMs)).toEqual(bounds);
    expect(frozenQuery({}, nowMs)).toMatchObject({ from: '2026-11-23T09:30:00.000Z' });
  });
});

describe('the lines about exports', () => {
  let answerWith: (answer: Answer<ExportResult>) => void;
  const tellers = createTellers();
  const asked: { name: string; input: unknown }[] = [];
  const notes: string[] = [];
  const bridge = {
    ask: (name: string, input: unknown) => {
      asked.push({ name, input });
      return new Promise((resolve) => {
        answerWith = resolve;
      });
    },
    onTold: tellers.onTold,
  } as unknown as Bridge;
  const desk = createExportDesk({ bridge, notify: (_tone, text) => notes.push(text) });
  const words = (): string[] => desk.store.getState().map((job) => `${headline(job)} | ${amount(job)}`);
  beforeEach(() => desk.store.setState([], true));
  afterEach(() => asked.splice(0));

  it('say how far it is, then where it went, until they are dismissed', async () => {
    const ended = desk.exportList('calls', { range: '1h' });
    const id = desk.store.getState()[0]?.id ?? '';
    expect(desk.store.getState()[0]?.phase).toBe('choosing');
    tellers.tell('exportProgress', { id, rows: 412_000, bytes: 89_128_960 });
    expect(words()).toEqual(['Exporting calls… | 412,000 rows · 85 MB']);
    answerWith({ ok: true, value: { saved: 'file', path: 'C:\\out\\calls.csv', rows: 900_000 } });
    await ended;
    expect(words()).toEqual(['Saved to calls.csv | 900,000 rows']);
    tellers.tell('exportProgress', { id, rows: 1, bytes: 1 });
    expect(words()).toEqual(['Saved to calls.csv | 900,000 rows']);
    desk.dismiss(id);
    expect(words()).toEqual([]);
  });

  it('go when it is cancelled, and say why when it fails', async () => {
    const first = desk.exportList('errors', {});
    const id = desk.store.getState()[0]?.id ?? '';
    desk.cancel(id);
    expect(asked.at(-1)).toEqual({ name: 'cancelExport', input: { id } });
    asked.splice(0);
    answerWith({ ok: true, value: { saved: 'cancelled', path: null, rows: null } });
    desk.store.setState([], true);
    void first;

    const second = desk.saveSummary({});
    answerWith({ ok: false, code: 'file_not_written', message: 'The disk is full.' });
    await second;
    expect(words()).toEqual(['Summary: nothing was saved. The disk is full. | ']);
  });

  it('are left to the browser where it downloads', async () => {
    const ended = desk.exportList('models', {});
    answerWith({ ok: true, value: { saved: 'download', path: null, rows: null } });
    await ended;
    expect(words()).toEqual([]);
    expect(notes.at(-1)).toBe('The download has started');
  });
});

it('a file is called by its last part on every system', () => {
  expect(fileNameOf('/home/ana/calls.csv')).toBe('calls.csv');
  expect(fileNameOf('C:\\Users\\ana\\calls.csv')).toBe('calls.csv');
});
