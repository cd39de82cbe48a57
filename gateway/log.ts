/**
 * Structured logs: JSON lines on stderr (pretty on a terminal) and in a bounded file of the data directory. Every line passes the
 * scrubber as text, so no field, message or stack can carry a secret. stdout belongs to the ready line alone.
 */
import type { Writable } from 'node:stream';
import { pino, type DestinationStream, type Level, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { GatewayConfig } from './config.ts';
import { openLogFile, type LogFile } from './log-file.ts';
import { openScreen, type Screen } from './log-screen.ts';
import { scrub } from '../contract/scrub.ts';

export type Log = Logger;

/** Component names as the seed product has them (DESIGN §9). */
export const components = {
  proxy: 'api_usage_tracker',
  analytics: 'analytics_service',
  api: 'analytics_api',
  websocket: 'analytics_websocket',
  journal: 'journal',
  delivery: 'delivery',
  gateway: 'gateway',
} as const;

export interface Logging {
  readonly root: Log;
  component(name: keyof typeof components): Log;
  /** From now on lines also go to the bounded file in `directory`: once the data directory is known to be ours. */
  keepFile(directory: string): void;
  /** Opens the file by its name again: whoever rotates logs has renamed it. */
  reopenFile(): void;
  /** Resolves when file and stderr have every line that they take. */
  stop(): Promise<void>;
}

export interface LoggingOptions {
  readonly level: GatewayConfig['logLevel'];
  readonly pretty?: boolean;
  readonly stderr?: Writable;
}

export function startLogging(options: LoggingOptions): Logging {
  const sinks: Sinks = {
    screen: openScreen(options.stderr, (error) => root.warn({ err: error }, 'LogReaderGone')),
    pretty: (options.pretty ?? process.stderr.isTTY) ? prettyFactory(prettyOptions) : null,
    file: null,
  };
  const root = pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    scrubbedInto(sinks),
  );
  return {
    root,
    component: (name) => root.child({ component: components[name] }),
    keepFile(directory) {
      sinks.file ??= openLogFile(directory);
    },
    reopenFile: () => sinks.file?.reopen(),
    stop: async () => void (await Promise.all([sinks.file?.stop(), sinks.screen.stop()])),
  };
}

interface Sinks {
  readonly screen: Screen;
  readonly pretty: ((line: string) => string) | null;
  file: LogFile | null;
}

const prettyOptions = {
  colorize: true,
  ignore: 'pid',
  singleLine: true,
  translateTime: 'SYS:HH:MM:ss.l',
};

const fatalLevel = 60; // pino's number

/** A fatal line is written before the call returns: the process does not outlive it. */
function scrubbedInto(sinks: Sinks): DestinationStream {
  const destination = {
    [Symbol.for('pino.metadata')]: true, // has pino set `lastLevel`
    lastLevel: 0,
    write(line: string) {
      const way = destination.lastLevel >= fatalLevel ? 'writeNow' : 'write';
      const clean = scrub(line);
      sinks.screen[way](sinks.pretty?.(clean) ?? clean);
      sinks.file?.[way](clean);
    },
  };
  return destination;
}

/** A log that goes nowhere, for parts that run without a gateway. */
export const silentLog = (): Log => pino({ level: 'silent' satisfies Level | 'silent' });
