/**
 * The session that delivers: one at a time, never from a pool, replaced after any fault. Which protocol it speaks is found out once, by
 * looking, when it opens.
 */
import { DestinationFault } from '../../delivery/destination.ts';
import { crashPoint } from '../../journal/crash-point.ts';
import { runSetupAgain } from './destination-fault.ts';
import { guardedLoader } from './destination-guarded.ts';
import { procedureLoader } from './destination-procedure.ts';
import type { Execute, Loader, Protocol } from './loader.ts';
import { objectNames, type Place } from './object-names.ts';
import { readOrMakePosition } from './position.ts';
import { lookUpProcedure } from './procedure-lookup.ts';
import { queryTag } from './query-tag.ts';
import type { OpenSession, SnowflakeAccess, SnowflakeSession } from './session.ts';

export interface Writer {
  readonly protocol: Protocol;
  readonly load: Loader;
  readPosition(streamId: string): Promise<number>;
  /** False when the driver gave the session up, or it rested so long that a fresh login is cheaper than finding out. */
  isFresh(): boolean;
  close(): Promise<void>;
}

/** Makes the loader of the guarded protocol; the fault campaign puts one without the guard in its place. */
export type MakeLoader = (execute: Execute, place: Place) => Loader;

export interface WriterOptions {
  readonly open: OpenSession;
  readonly access: SnowflakeAccess;
  readonly statementTimeoutMs: number;
  readonly loginTimeoutMs: number;
  readonly lockTimeoutSeconds?: number;
  readonly withoutProcedure?: MakeLoader;
}

const maxRestMs = 5 * 60_000;
const tag = queryTag('delivery');

/** A wait for a lock ends long before our own deadline, so it is told as a lock and not as a time-out. */
const defaultLockTimeoutSeconds = 20;

/** @throws SnowflakeFault, or a DestinationFault when the procedure is not the one this version needs. */
export async function openWriter(options: WriterOptions): Promise<Writer> {
  const session = await options.open(options.access, {
    parameters: { LOCK_TIMEOUT: options.lockTimeoutSeconds ?? defaultLockTimeoutSeconds },
    loginTimeoutMs: options.loginTimeoutMs,
  });
  try {
    return await writerOver(session, options);
  } catch (error) {
    void session.close();
    throw error;
  }
}

async function writerOver(session: SnowflakeSession, options: WriterOptions): Promise<Writer> {
  const { profile: place } = options.access;
  let usedAtMs = performance.now();
  const execute: Execute = async (sql, binds = []) => {
    crashPoint('snowflake.beforeStatement');
    const result = await session.execute({ sql, binds, tag, timeoutMs: options.statementTimeoutMs });
    crashPoint('snowflake.afterStatement');
    usedAtMs = performance.now();
    return result;
  };
  const protocol = await chooseProtocol(execute, place);
  const guarded = options.withoutProcedure ?? guardedLoader;
  return {
    protocol,
    load: protocol === 'procedure' ? procedureLoader(execute, place) : guarded(execute, place),
    readPosition: (streamId) =>
      readOrMakePosition(execute, objectNames(place), streamId, protocol === 'procedure' ? 'autocommit' : 'manual'),
    isFresh: () => session.isUp() && performance.now() - usedAtMs < maxRestMs,
    close: () => session.close(),
  };
}

/** An older procedure does not know all our columns; a newer one may want some we do not have, so it is left to newer gateways. */
async function chooseProtocol(execute: Execute, place: Place): Promise<Protocol> {
  const found = await lookUpProcedure(execute, place);
  if (found === 'same') return 'procedure';
  if (found === 'older') {
    throw new DestinationFault('attention', 'The load procedure in Snowflake is of another version than this gateway', {
      action: runSetupAgain,
    });
  }
  await execute('ALTER SESSION SET AUTOCOMMIT = FALSE');
  return 'guarded';
}
