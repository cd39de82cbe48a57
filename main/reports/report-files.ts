/** Writes the files of one report: one CSV a question, of one period, into the user's folder. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { ListQuestion, ReportSchedule } from '../../contract/reports.ts';
import type { Zone } from '../../gateway/analytics/zone.ts';
import { saveCsv } from '../csv-export.ts';
import type { GatewayRest } from '../gateway-rest.ts';
import { exportParams } from './exports.ts';
import { reportFileName } from './file-names.ts';
import { localDay, type Period } from './schedule.ts';

export interface ReportPlan {
  readonly schedule: ReportSchedule;
  readonly period: Period;
  readonly zone: Zone;
}

/**
 * Each file appears whole or not at all; one of the same period is replaced.
 * @returns the full paths, in the order of the questions
 * @throws AppError when the folder is not there, a file cannot be written or the gateway does not answer
 */
export async function writeReport(
  rest: GatewayRest,
  { schedule, period, zone }: ReportPlan,
  signal: AbortSignal,
): Promise<string[]> {
  const folder = await folderOf(schedule);
  const paths: string[] = [];
  for (const question of new Set(schedule.questions)) {
    const name = reportFileName(question, localDay(period.fromMs, zone), localDay(period.toMs - 1, zone));
    const path = join(folder, name);
    const params = exportParams(question, queryOf(question, schedule.every, period, zone));
    const response = await rest.open(`/api/analytics/${question}`, { params, signal });
    await saveCsv(response.body, path, { signal });
    paths.push(path);
  }
  return paths;
}

/** A folder that is gone is not made again: where a disk was unplugged, that would write to another one. */
async function folderOf({ folder }: ReportSchedule): Promise<string> {
  if (folder === null) throw new AppError('bad_request', 'Choose a folder for the reports first.', { field: 'folder' });
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() === true) return folder;
  throw new AppError('file_not_written', `The folder ${folder} does not exist. Choose another one.`, {
    field: 'folder',
  });
}

function queryOf(question: ListQuestion, every: ReportSchedule['every'], { fromMs, toMs }: Period, zone: Zone) {
  const range = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), tz: zone.name };
  return question === 'usage' ? { ...range, bucket: every === 'week' ? '1d' : '1h' } : range;
}
