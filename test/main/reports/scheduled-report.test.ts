import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReportSchedule } from '../../../contract/reports.ts';
import { createGatewayRest } from '../../../main/gateway-rest.ts';
import { ReportMemory } from '../../../main/reports/report-memory.ts';
import { ScheduledReport } from '../../../main/reports/scheduled-report.ts';
import { type ControlServer, startControlServer } from '../../helpers/control-server.ts';

let folder = '';
let server: ControlServer;
let asked: { name: string; query: unknown }[] = [];
const range = { from: '2026-11-22T23:00:00.000Z', to: '2026-11-23T23:00:00.000Z', tz: 'Europe/Berlin' };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aism-report-'));
  asked = [];
  server = await startControlServer({
    ask: async (name, query) => {
      asked.push({ name, query });
      return { range, [name === 'usage' ? 'points' : name]: [] };
    },
  });
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Scene {
  memory: ReportMemory;
  now: Date;
  ready: boolean;
  readonly notices: string[];
  readonly report: ScheduledReport;
}

const daily = (): ReportSchedule => ({ every: 'day', hour: 7, folder, questions: ['models', 'usage'] });

function scene(now: string, memory: Partial<ReportMemory> = {}): Scene {
  const notices: string[] = [];
  const rest = createGatewayRest(() => ({ url: server.url, token: server.door.token }));
  const made: Scene = {
    memory: ReportMemory.parse(memory),
    now: new Date(now),
    ready: true,
    notices,
    report: new ScheduledReport({
      rest,
      memory: () => made.memory,
      remember: async (next) => {
        made.memory = next;
      },
      zone: () => 'Europe/Berlin',
      ready: () => made.ready,
      failed: (reason) => notices.push(reason),
      now: () => made.now,
    }),
  };
  return made;
}

describe('a scheduled report', () => {
  it('asks for nothing from before it was saved, then writes one file a question of the day that ended', async () => {
    const desk = scene('2026-11-23T12:00:00Z');
    expect(await desk.report.save(daily())).toMatchObject({ nextAt: '2026-11-24T06:00:00.000Z', lastAt: null });
    await desk.report.check();
    expect(await readdir(folder)).toEqual([]);

    desk.now = new Date('2026-11-24T06:00:10Z');
    await desk.report.check();
    const names = ['ai-studio-monitor-models-2026-11-23.csv', 'ai-studio-monitor-usage-2026-11-23.csv'];
    expect((await readdir(folder)).toSorted()).toEqual(names);
    expect(desk.report.state()).toMatchObject({
      lastAt: '2026-11-24T06:00:10.000Z',
      lastFiles: names.map((name) => join(folder, name)),
      lastError: null,
      nextAt: '2026-11-25T06:00:00.000Z',
    });
    expect(asked.map(({ query }) => query)).toEqual([
      expect.objectContaining({ ...range, limit: 100_000 }),
      expect.objectContaining({ ...range, bucket: '1h' }),
    ]);
    await desk.report.check();
    expect(asked).toHaveLength(2);
  });

  it('whose hour passed while the app was closed is made once at the next start, of the period it was for', async () => {
    const late: ReportSchedule = { ...daily(), hour: 23, questions: ['models'] };
    const desk = scene('2026-11-24T09:00:00Z', { schedule: late, doneUntil: '2026-11-20T22:00:00.000Z' });
    await desk.report.check();
    await desk.report.check();
    expect(await readdir(folder)).toEqual(['ai-studio-monitor-models-2026-11-22.csv']);
    expect(desk.report.state().nextAt).toBe('2026-11-24T22:00:00.000Z');
  });

  it('waits for a gateway that is not there yet', async () => {
    const desk = scene('2026-11-24T06:01:00Z', { schedule: daily(), doneUntil: '2026-11-23T06:00:00.000Z' });
    desk.ready = false;
    await desk.report.check();
    expect(desk.memory.failedAt).toBeNull();
    expect(desk.report.state().nextAt).toBe('2026-11-24T06:01:00.000Z');
    desk.ready = true;
    await desk.report.check();
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('that fails keeps the reason, is told once, and is tried again every hour until it works', async () => {
    const gone = join(folder, 'unplugged');
    const desk = scene('2026-11-24T06:00:00Z', {
      schedule: { ...daily(), folder: gone },
      doneUntil: '2026-11-23T06:00:00.000Z',
    });
    const reason = `The folder ${gone} does not exist. Choose another one.`;
    await desk.report.check();
    expect(desk.report.state()).toMatchObject({ lastError: reason, nextAt: '2026-11-24T07:00:00.000Z' });
    desk.now = new Date('2026-11-24T06:59:00Z');
    await desk.report.check();
    expect(desk.memory.failedAt).toBe('2026-11-24T06:00:00.000Z');
    desk.now = new Date('2026-11-24T07:00:00Z');
    await desk.report.check();
    expect(desk.memory.failedAt).toBe('2026-11-24T07:00:00.000Z');
    expect(desk.notices).toEqual([reason]);

    desk.memory = { ...desk.memory, schedule: daily() };
    desk.now = new Date('2026-11-24T08:00:00Z');
    await desk.report.check();
    expect(desk.report.state()).toMatchObject({ lastError: null, nextAt: '2026-11-25T06:00:00.000Z' });
    expect(await readdir(folder)).toHaveLength(2);
  });
});

describe('a report made by hand', () => {
  it('replaces the files of the same period, readable by their owner only, and leaves others alone', async () => {
    await writeFile(join(folder, 'ai-studio-monitor-models-2026-11-22.csv'), 'of the day before');
    await writeFile(join(folder, 'ai-studio-monitor-models-2026-11-23.csv'), 'of the same day, older');
    const desk = scene('2026-11-24T12:00:00Z', { schedule: { ...daily(), every: 'off' } });
    const { lastFiles } = await desk.report.runNow();
    const path = join(folder, 'ai-studio-monitor-models-2026-11-23.csv');
    expect(lastFiles[0]).toBe(path);
    const text = await readFile(path, 'utf8');
    expect(text.startsWith('\uFEFFprovider,model,calls')).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, 'ai-studio-monitor-models-2026-11-22.csv'), 'utf8')).toBe('of the day before');
  });

  it('of a week is named by its first and last day, so it never takes the place of a day', async () => {
    const desk = scene('2026-11-24T12:00:00Z', { schedule: { ...daily(), every: 'week', questions: ['usage'] } });
    await desk.report.runNow();
    expect(await readdir(folder)).toEqual(['ai-studio-monitor-usage-2026-11-16-to-2026-11-22.csv']);
    expect(asked[0]?.query).toMatchObject({ bucket: '1d' });
  });

  it('stands for the run that waits to be tried again, when it is of the same day', async () => {
    const failed = { lastError: 'The disk is full.', failedAt: '2026-11-24T06:00:00.000Z' };
    const desk = scene('2026-11-24T06:30:00Z', { schedule: daily(), doneUntil: '2026-11-23T06:00:00.000Z', ...failed });
    await desk.report.runNow();
    expect(desk.report.state()).toMatchObject({ lastError: null, nextAt: '2026-11-25T06:00:00.000Z' });
  });

  it('without a folder, or while another is written, is refused in words', async () => {
    await expect(scene('2026-11-24T12:00:00Z').report.runNow()).rejects.toMatchObject({ field: 'folder' });
    await expect(scene('2026-11-24T12:00:00Z').report.save({ ...daily(), folder: null })).rejects.toMatchObject({
      field: 'folder',
    });
    const desk = scene('2026-11-24T12:00:00Z', { schedule: daily() });
    const first = desk.report.runNow();
    await expect(desk.report.runNow()).rejects.toMatchObject({ code: 'busy' });
    await first;
  });
});
