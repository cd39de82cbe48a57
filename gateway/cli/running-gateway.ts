/** The gateway that runs on a data directory, found through its `gateway.json`. */
import { Agent, fetch, type Response } from 'undici';
import { GatewayFile } from '../../contract/gateway-api.ts';
import { AppError, Problem } from '../../contract/errors.ts';
import { dataFiles } from '../config.ts';
import { acquireLock } from '../journal/lock.ts';
import { readJson } from '../private-file.ts';

export interface GatewayRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RunningGateway {
  readonly file: GatewayFile;
  /** @throws AppError with the gateway's own code when it refuses, `gateway_unreachable` when it does not answer */
  fetch(path: string, init?: GatewayRequest): Promise<Response>;
}

const probeMs = 3000;
/** Of our own, because that of Node may send even what is meant for loopback through a proxy (NODE_USE_ENV_PROXY). */
const dispatcher = new Agent();

/**
 * Null when none runs; a file left by a gateway that was killed counts as none.
 * @throws AppError `gateway_unreachable` that says why, when one runs and does not answer
 */
export async function findRunningGateway(dataDir: string): Promise<RunningGateway | null> {
  const file = await readJson(dataFiles(dataDir).gateway, GatewayFile);
  if (file === null) return null;
  const obstacle = await obstacleTo(file);
  if (obstacle === null) return { file, fetch: (path, init) => ask(file, path, init) };
  if (!isHeld(dataDir)) return null;
  throw new AppError(
    'gateway_unreachable',
    `The gateway of process ${file.pid} runs on ${dataDir}, but cannot be reached at ${addressOf(file)}: ${obstacle}.`,
  );
}

/** @throws AppError `gateway_unreachable` when none runs, or it does not answer */
export async function requireRunningGateway(dataDir: string): Promise<RunningGateway> {
  const running = await findRunningGateway(dataDir);
  if (running !== null) return running;
  throw new AppError(
    'gateway_unreachable',
    `No gateway runs on ${dataDir}. Start one, or name its directory with --data-dir.`,
  );
}

const addressOf = ({ url, toolsUrl }: GatewayFile): string => toolsUrl ?? url;

/** Why it does not answer; null when it does. The token stays here: by now the port may be somebody else's. */
async function obstacleTo(file: GatewayFile): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(probeMs);
    const answer = await fetch(new URL('/healthz', addressOf(file)), { signal, dispatcher });
    await answer.body?.cancel();
    return answer.ok ? null : `it answers with status ${answer.status}`;
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${probeMs / 1000} s`;
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : error.message;
}

/** Only the lock tells a gateway that does not answer from one that was killed. */
function isHeld(dataDir: string): boolean {
  try {
    acquireLock(dataDir).release();
    return false;
  } catch (error) {
    return error instanceof AppError && error.code === 'already_running';
  }
}

async function ask(file: GatewayFile, path: string, init: GatewayRequest = {}): Promise<Response> {
  const headers = { ...init.headers, authorization: `Bearer ${file.token}` };
  const address = addressOf(file);
  const answer = await fetch(new URL(path, address), { ...init, headers, dispatcher }).catch((error: unknown) => {
    throw new AppError('gateway_unreachable', `The gateway at ${address} does not answer: ${reasonOf(error)}.`, {
      cause: error,
    });
  });
  if (answer.ok) return answer;
  const problem = Problem.safeParse(await answer.json().catch(() => null)).data;
  if (problem === undefined) throw new AppError('internal', `The gateway answered with status ${answer.status}.`);
  throw new AppError(problem.code, problem.detail, problem.field === undefined ? {} : { field: problem.field });
}
