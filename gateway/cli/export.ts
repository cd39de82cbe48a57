/** `export`: a list question as a CSV file. The file appears whole or not at all. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { questions } from '../../contract/analytics.ts';
import { AppError } from '../../contract/errors.ts';
import { exitCodes } from '../../contract/gateway-api.ts';
import { isList, type ListName } from '../api/list-export.ts';
import type { CliContext, Command } from './context.ts';
import { openExport, type ExportSource } from './export-source.ts';
import { configOf, configOptions, instantOf, manyOf, oneOf, parseFlags, type Flags } from './options.ts';

const options = {
  out: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  range: { type: 'string' },
  question: { type: 'string' },
  filter: { type: 'string', multiple: true },
  tz: { type: 'string' },
  bom: { type: 'boolean' },
  ...configOptions,
} as const;

export const exportCsv: Command = {
  name: 'export',
  summary: 'Write calls, or another list, as a CSV file',
  async run(context: CliContext) {
    const flags = parseFlags(context.args, options);
    const out = oneOf(flags, 'out');
    if (out === null)
      throw new AppError('bad_config', '--out is missing. Accepted: a file name, or - for stdout.', { field: '--out' });
    const config = configOf(flags, context);
    const source = await openExport(
      { name: questionOf(flags), params: paramsOf(flags), bom: flags['bom'] === true },
      config,
      context.entries,
    );
    try {
      await (out === '-' ? source.writeTo(process.stdout, false) : writeFile(source, resolve(context.cwd, out)));
    } finally {
      await source.close();
    }
    return exitCodes.ok;
  },
};

async function writeFile(source: ExportSource, path: string): Promise<void> {
  const partial = `${path}.${process.pid}.part`;
  try {
    await source.writeTo(createWriteStream(partial, { flags: 'wx' }), true);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    throw new AppError('bad_config', `--out ${path} cannot be written (${String(error.code)}).`, {
      field: '--out',
      cause: error,
    });
  }
}

function questionOf(flags: Flags): ListName {
  const name = oneOf(flags, 'question') ?? 'calls';
  const found = Object.keys(questions).find(
    (key): key is ListName => key === name && key in questions && key !== 'metrics',
  );
  if (found !== undefined && isList(found)) return found;
  const accepted = Object.keys(questions).filter((key) => key !== 'metrics');
  throw new AppError('bad_config', `--question is "${name}". Accepted: ${accepted.join(', ')}.`, {
    field: '--question',
  });
}

function paramsOf(flags: Flags): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of ['range', 'tz']) set(params, name, oneOf(flags, name));
  for (const name of ['from', 'to']) set(params, name, instantOf(oneOf(flags, name)));
  for (const filter of manyOf(flags, 'filter')) {
    const at = filter.indexOf('=');
    if (at < 1)
      throw new AppError(
        'bad_config',
        `--filter is "${filter}". Accepted: NAME=VALUE, like model=gpt-5 or tag.team=search.`,
        { field: '--filter' },
      );
    params.append(filter.slice(0, at), filter.slice(at + 1));
  }
  return params;
}

const set = (params: URLSearchParams, name: string, value: string | null): void => {
  if (value !== null) params.set(name, value);
};
