/**
 * What happens to an error that nobody caught. Parts beside the proxy are started {@link beside} it: their fault is logged, counted and shown
 * in health, and costs no running call. Any other one may have left the proxy in a state that nobody knows, so the process is replaced: it
 * takes no new calls, finishes the running ones and ends.
 *
 * The part is known by its asynchronous context, which timers, promises and child processes inherit from where they were made.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { BackgroundHealth } from '../contract/gateway-api.ts';
import type { Log } from './log.ts';

const parts = new AsyncLocalStorage<string>();

/** Runs what starts a part, or what a part does at once. */
export const beside = <T>(part: string, run: () => T): T => parts.run(part, run);

/** A listener keeps the part in which it was made, whoever calls it. */
export const keepingPart: typeof AsyncLocalStorage.bind = (listener) => AsyncLocalStorage.bind(listener);

export interface FaultGuard {
  /** Resolves with the first fault of the proxy itself. */
  readonly proxyFault: Promise<unknown>;
  health(): BackgroundHealth;
}

const faultsPerLogLine = 1000;

export function guardAgainstFaults(log: Log): FaultGuard {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  let background = { faults: 0, last: '' };
  let others = 0;
  const onFault = (error: unknown): void => {
    const part = parts.getStore();
    if (part === undefined) {
      others += 1;
      if (isLogged(others)) log.error({ err: error, faults: others, code: 'internal' }, 'GatewayFault');
      resolve(error);
      return;
    }
    background = { faults: background.faults + 1, last: part };
    if (isLogged(background.faults)) log.error({ err: error, part, faults: background.faults }, 'PartFault');
  };
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  return { proxyFault: promise, health: () => healthOf(background) };
}

/** A fault that repeats with every tick must not fill the log. */
const isLogged = (faults: number): boolean => faults <= 10 || faults % faultsPerLogLine === 0;

function healthOf({ faults, last }: { readonly faults: number; readonly last: string }): BackgroundHealth {
  if (faults === 0) return { state: 'ok', detail: 'No part has failed', faults };
  const times = faults === 1 ? 'A part failed' : `Parts failed ${faults} times`;
  const detail = `${times}, the last one: ${last}. Calls go on; the log has the error, and a restart of the gateway clears this.`;
  return { state: 'degraded', detail, faults };
}
