/** Command lines into values; what is not an option is named together with what is accepted. */
import { join } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { AppError } from '../../contract/errors.ts';
import { loadConfig, type GatewayConfig } from '../config.ts';
import type { FlagValue } from '../config-layers.ts';
import type { CliContext } from './context.ts';

const text = { type: 'string' } as const;
const many = { type: 'string', multiple: true } as const;
const toggle = { type: 'boolean' } as const;

/** Options that every command with a configuration takes. */
export const configOptions = {
  config: text,
  'data-dir': text,
  'log-level': text,
} as const satisfies ParseArgsOptionsConfig;

export const serveOptions = {
  host: text,
  port: text,
  'allow-host': many,
  upstream: many,
  'tls-cert': text,
  'tls-key': text,
  'journal-sync': text,
  'journal-cap-mb': text,
  'keep-days': text,
  'local-days': text,
  'snowflake-days': text,
  'snowflake-interval-minutes': text,
  'stream-usage': toggle,
  'drain-ms': text,
  'user-ids': text,
  'ui-dir': text,
  demo: toggle,
  'parent-pipe': toggle,
  ...configOptions,
} as const satisfies ParseArgsOptionsConfig;

export type Flags = Readonly<Record<string, FlagValue>>;

/** @throws AppError `bad_config` for an unknown option, a missing value or a word too many */
export function parseFlags(args: readonly string[], options: ParseArgsOptionsConfig): Flags {
  try {
    return flagsOf(
      parseArgs({ args: [...args], options, strict: true, allowNegative: true, allowPositionals: false }).values,
    );
  } catch (error) {
    throw badOption(error, options);
  }
}

function flagsOf(values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>): Flags {
  const entries = Object.entries(values).map(
    ([name, value]) => [name, Array.isArray(value) ? value.map(String) : value] as const,
  );
  return Object.fromEntries(entries);
}

function badOption(error: unknown, options: ParseArgsOptionsConfig): AppError {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const said = error instanceof Error ? error.message : String(error);
  const field = /'([^' =]+)/.exec(said)?.[1] ?? '';
  const what: Readonly<Record<string, string>> = {
    ERR_PARSE_ARGS_UNKNOWN_OPTION: `Unknown option ${field}.`,
    ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: `"${field}" is not an option.`,
    ERR_PARSE_ARGS_INVALID_OPTION_VALUE: said.includes('does not take')
      ? `${field} takes no value.`
      : `${field} needs a value.`,
  };
  const accepted = Object.entries(options).map(([name, { type }]) => `--${name}${type === 'string' ? ' VALUE' : ''}`);
  return new AppError('bad_config', `${what[String(code)] ?? said} Accepted: ${accepted.join(', ')}.`, {
    field,
    cause: error,
  });
}

/** The configuration that a command line, this environment, `.env` and a settings file make. */
export function configOf(flags: Flags, { env, cwd, uiDir }: Pick<CliContext, 'env' | 'cwd' | 'uiDir'>): GatewayConfig {
  const settingsFile = typeof flags['config'] === 'string' ? flags['config'] : undefined;
  return loadConfig({ flags, env, envFile: join(cwd, '.env'), settingsFile, defaults: { uiDir } });
}

export const oneOf = (flags: Flags, name: string): string | null => {
  const value = flags[name];
  return typeof value === 'string' ? value : null;
};

export const manyOf = (flags: Flags, name: string): readonly string[] => {
  const value = flags[name];
  return typeof value === 'object' ? value : [];
};

/** A date alone is its midnight in UTC. */
export const instantOf = (time: string | null): string | null =>
  time !== null && /^\d{4}-\d{2}-\d{2}$/.test(time) ? `${time}T00:00:00Z` : time;
