/** The gateway that runs on a data directory, found through its `gateway.json`. */
import { GatewayFile } from '../../contract/gateway-api.ts';
import { AppError, Problem } from '../../contract/errors.ts';
import { dataFiles } from '../config.ts';
import { readJson } from '../private-file.ts';

export interface RunningGateway {
  readonly file: GatewayFile;
  /** @throws AppError with the gateway's own code when it refuses, `gateway_unreachable` when it does not answer */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

const probeMs = 3000;

/** Null when none runs; a file left by a gateway that was killed counts as none. */
export async function findRunningGateway(dataDir: string): Promise<RunningGateway | null> {
  const file = await readJson(dataFiles(dataDir).gateway, GatewayFile);
  if (file === null) return null;
  const alive = await fetch(new URL('/healthz', file.url), { signal: AbortSignal.timeout(probeMs) }).catch(() => null);
  if (alive?.ok !== true) return null;
  return { file, fetch: (path, init) => ask(file, path, init) };
}

/** @throws AppError `gateway_unreachable` when none runs */
export async function requireRunningGateway(dataDir: string): Promise<RunningGateway> {
  const running = await findRunningGateway(dataDir);
  if (running !== null) return running;
  throw new AppError(
    'gateway_unreachable',
    `No gateway runs on ${dataDir}. Start one, or name its directory with --data-dir.`,
  );
}

async function ask(file: GatewayFile, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${file.token}`);
  const answer = await fetch(new URL(path, file.url), { ...init, headers }).catch((error: unknown) => {
    throw new AppError('gateway_unreachable', `The gateway at ${file.url} does not answer.`, { cause: error });
  });
  if (answer.ok) return answer;
  const problem = Problem.safeParse(await answer.json().catch(() => null)).data;
  if (problem === undefined) throw new AppError('internal', `The gateway answered with status ${answer.status}.`);
  throw new AppError(problem.code, problem.detail, problem.field === undefined ? {} : { field: problem.field });
}
