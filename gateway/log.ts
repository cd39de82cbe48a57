/**
 * Structured logs: JSON lines on stderr (pretty on a terminal) and in a bounded file of the data directory. Every line passes the
 * scrubber as text, so no field, message or stack can carry a secret. stdout belongs to the ready line alone.
 */
import { pino, type Level, type Logger } from 'pino';
import { build as prettyStream } from 'pino-pretty';
import type { GatewayConfig } from './config.ts';
import { openLogFile, type LogFile } from './log-file.ts';
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
  /** Resolves when the file holds every line. */
  stop(): Promise<void>;
}

export interface LoggingOptions {
  readonly level: GatewayConfig['logLevel'];
  readonly pretty?: boolean;
  readonly stderr?: { write(line: string): unknown };
}

export function startLogging(options: LoggingOptions): Logging {
  const stderr = options.stderr ?? process.stderr;
  const screen = (options.pretty ?? process.stderr.isTTY) ? pretty(stderr) : stderr;
  let file: LogFile | null = null;
  const root = pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => writeScrubbed(line, screen, file) },
  );
  return {
    root,
    component: (name) => root.child({ component: components[name] }),
    keepFile(directory) {
      file ??= openLogFile(directory);
    },
    stop: async () => file?.stop(),
  };
}

function writeScrubbed(line: string, screen: { write(line: string): unknown }, file: LogFile | null): void {
  const clean = scrub(line);
  screen.write(clean);
  file?.write(clean);
}

function pretty(stderr: { write(line: string): unknown }): { write(line: string): unknown } {
  const stream = prettyStream({
    colorize: true,
    ignore: 'pid',
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    destination: 2,
    sync: true,
  });
  return { write: (line) => (stderr === process.stderr ? stream.write(line) : stderr.write(line)) };
}

/** A log that goes nowhere, for parts that run without a gateway. */
export const silentLog = (): Log => pino({ level: 'silent' satisfies Level | 'silent' });
