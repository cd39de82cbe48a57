import { createServer } from 'node:net';
import { exitCodes } from '../contract/gateway-api.ts';
import { ErrorCode } from '../contract/errors.ts';
import type { GatewayExit } from './gateway-child.ts';

/** Why a gateway ended: a fault that a new attempt may cure (`crash`), or a state of the machine that somebody has to change. */
export interface ExitReason {
  readonly kind: 'crash' | 'already_running' | 'port_in_use' | 'data_dir_unusable' | 'bad_config';
  readonly message: string;
}

/** Reads an early exit: the code says the family, the last log line with a stable error code says the rest. */
export function explainExit(exit: GatewayExit): ExitReason {
  const told = lastErrorLine(exit.lastLines);
  if (told !== null && isMachineState(told.code)) return { kind: told.code, message: told.message };
  const last = told?.message ?? exit.lastLines.findLast((line) => line.trim() !== '') ?? '';
  if (exit.code === exitCodes.badUsage) return { kind: 'bad_config', message: last };
  if (exit.code === exitCodes.heldOrUnusable) return { kind: guessHeld(exit.lastLines), message: last };
  return { kind: 'crash', message: howItEnded(exit) };
}

/** 'signal SIGKILL', 'code 1: last words': the part after "The gateway ended with". */
function howItEnded({ code, signal, lastLines }: GatewayExit): string {
  if (signal !== null) return `signal ${signal}`;
  const lastWords = lastErrorLine(lastLines)?.message ?? '';
  if (code === null) return lastLines.at(-1) ?? 'an unknown reason';
  return lastWords === '' ? `code ${code}` : `code ${code}: ${lastWords}`;
}

type MachineState = Exclude<ExitReason['kind'], 'crash'>;
const machineStates: readonly string[] = ['already_running', 'port_in_use', 'data_dir_unusable', 'bad_config'];
const isMachineState = (code: string | null): code is MachineState => code !== null && machineStates.includes(code);

interface ErrorLine {
  readonly code: string | null;
  readonly message: string;
}

function lastErrorLine(lines: readonly string[]): ErrorLine | null {
  const told = lines.map(errorLine).filter((line) => line !== null);
  return told.findLast((line) => line.code !== null) ?? told.at(-1) ?? null;
}

const fatalLevel = 50; // pino: 50 error, 60 fatal

function errorLine(text: string): ErrorLine | null {
  const line = parseObject(text);
  if (line === null) return null;
  const inner = 'err' in line && typeof line.err === 'object' && line.err !== null ? line.err : {};
  const code = [pick(line, 'code'), pick(inner, 'code')].find((value) => ErrorCode.safeParse(value).success) ?? null;
  const level = 'level' in line ? line.level : null;
  const isError = code !== null || level === 'error' || level === 'fatal' || Number(level) >= fatalLevel;
  if (!isError) return null;
  const message = ['detail', 'message', 'msg'].map((name) => pick(line, name)).find((value) => value !== null);
  return { code, message: message ?? pick(inner, 'message') ?? '' };
}

const pick = (from: object, name: string): string | null => {
  const value: unknown = Object.getOwnPropertyDescriptor(from, name)?.value;
  return typeof value === 'string' ? value : null;
};

function parseObject(text: string): object | null {
  if (!text.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** The words of a human-readable message, for a gateway whose log is set to plain text. */
function guessHeld(lines: readonly string[]): MachineState {
  const text = lines.join('\n').toLowerCase();
  const named = machineStates.find((code) => text.includes(code));
  if (isMachineState(named ?? null)) return named as MachineState;
  if (/\bport\b|eaddrinuse/.test(text)) return 'port_in_use';
  return /running|another instance|held by/.test(text) ? 'already_running' : 'data_dir_unusable';
}

/** A port nobody listens on right now: one of the ten after the wanted one, else any. Null when there is none. */
export async function findFreePort(wanted: number): Promise<number | null> {
  const near = Array.from({ length: 10 }, (_, index) => wanted + 1 + index).filter((port) => port <= 65_535);
  for (const port of [...near, 0]) {
    const found = await tryPort(port);
    if (found !== null) return found;
  }
  return null;
}

/** False only where somebody else listens: an address that is not of this machine is for the gateway itself to name. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(!('code' in error && error.code === 'EADDRINUSE')));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const found = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => resolve(found));
    });
  });
}
