/** What the lines about exports say. Pure. */
import type { ListQuestion } from '../../contract/reports.ts';
import { formatBytes, formatExact } from '../format/numbers.ts';
import type { ExportJob } from './export-store.ts';

export const listNames: Readonly<Record<ListQuestion, string>> = {
  calls: 'Calls',
  models: 'Models',
  endpoints: 'Endpoints',
  users: 'Users',
  sessions: 'Sessions',
  keys: 'Keys',
  errors: 'Errors',
  unmetered: 'Missing and doubtful numbers',
  limits: 'Limits',
  usage: 'Usage over time',
};

export function nameOf(what: ExportJob['what']): string {
  return what === 'summary' ? 'Summary' : listNames[what];
}

/** Without numbers: what a screen reader says once, when it changes. */
export function headline({ what, phase, path, problem }: ExportJob): string {
  const name = nameOf(what);
  if (phase === 'saved') return `Saved to ${fileNameOf(path ?? '')}`;
  if (phase === 'failed') return `${name}: nothing was saved. ${problem ?? ''}`.trim();
  return what === 'summary' ? 'Making the summary…' : `Exporting ${name.toLowerCase()}…`;
}

/** How much of it; empty where there is nothing to count. */
export function amount({ what, phase, rows, bytes }: ExportJob): string {
  if (rows === null || what === 'summary' || phase === 'failed') return '';
  const counted = `${formatExact(rows)} ${rows === 1 ? 'row' : 'rows'}`;
  return phase === 'writing' ? `${counted} · ${formatBytes(bytes)}` : counted;
}

/** The last part of a path of any system. */
export function fileNameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
