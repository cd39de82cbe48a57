/**
 * The connection test: one step after the other, each told as it passes, and the first that fails with its cause and what to do. It ends
 * within its time whatever the other side does: what still runs by then is cancelled, and its step failed.
 */
import type { SnowflakeProfile, SnowflakeStepName, SnowflakeTest } from '../../../contract/snowflake.ts';
import { epochMs } from './common-sql.ts';
import { baseUrl } from './connection-options.ts';
import { fixFor } from './destination-fault.ts';
import { SnowflakeFault, type FaultKind } from './fault.ts';
import { executeIn, type Execute } from './loader.ts';
import { probeNetwork } from './network-probe.ts';
import { queryTag } from './query-tag.ts';
import type { OpenSession, SnowflakeAccess, SnowflakeSession } from './session.ts';
import { checkDatabase, checkProcedure, checkRole, checkSchema, checkTable, checkWarehouse } from './step-checks.ts';
import { failed, passed, StepList, type OnSteps, type StepOutcome } from './step-list.ts';

export interface TestOptions {
  readonly onSteps?: OnSteps;
  readonly signal?: AbortSignal;
  readonly totalMs?: number;
}

const defaultTotalMs = 15_000;
/** A host that takes longer than this share of the time for one HTTP answer is not usable. */
const networkShare = 1 / 3;

export async function testConnection(
  open: OpenSession,
  access: SnowflakeAccess,
  { onSteps = () => undefined, signal, totalMs = defaultTotalMs }: TestOptions = {},
): Promise<SnowflakeTest> {
  const list = new StepList(onSteps);
  const deadline = AbortSignal.any([AbortSignal.timeout(totalMs), ...(signal === undefined ? [] : [signal])]);
  const test = new ConnectionTest(open, access, list, deadline, totalMs);
  await Promise.race([test.run(), aborted(deadline)]);
  if (list.running !== null) list.end(list.running, outOfTime(signal?.aborted === true, totalMs));
  list.skipRest();
  const steps = [...list.steps];
  return {
    ok: steps.every(({ state }) => state === 'ok' || state === 'warning'),
    steps,
    clockSkewMs: test.clockSkewMs,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function outOfTime(byCaller: boolean, totalMs: number): StepOutcome {
  if (byCaller) return failed('Cancelled', 'Start the test again.');
  return failed(
    `No answer within the ${totalMs / 1000} s of the whole test`,
    'Try again; if it stays, ask whether the warehouse is overloaded or the network drops packets.',
  );
}

/** A fault of the login that is really about a later step: who we are was accepted by then. */
const laterSteps: Partial<Record<FaultKind, SnowflakeStepName>> = {
  role: 'role',
  warehouse: 'warehouse',
  suspended: 'warehouse',
  database: 'database',
  schema: 'schema',
};

type Check = (execute: Execute, profile: SnowflakeProfile) => Promise<StepOutcome>;
const checks: readonly (readonly [SnowflakeStepName, Check])[] = [
  ['role', checkRole],
  ['warehouse', checkWarehouse],
  ['database', checkDatabase],
  ['schema', checkSchema],
  ['table', checkTable],
  ['procedure', checkProcedure],
];

class ConnectionTest {
  clockSkewMs: number | null = null;
  readonly #open: OpenSession;
  readonly #access: SnowflakeAccess;
  readonly #list: StepList;
  readonly #deadline: AbortSignal;
  readonly #totalMs: number;
  #session: SnowflakeSession | null = null;

  constructor(open: OpenSession, access: SnowflakeAccess, list: StepList, deadline: AbortSignal, totalMs: number) {
    this.#open = open;
    this.#access = access;
    this.#list = list;
    this.#deadline = deadline;
    this.#totalMs = totalMs;
  }

  async run(): Promise<void> {
    try {
      if (!(await this.#step('network', () => this.#network()))) return;
      if (!(await this.#step('login', () => this.#login()))) return;
      for (const [name, check] of checks) {
        if (!(await this.#step(name, () => check(this.#execute(), this.#access.profile)))) return;
      }
    } finally {
      void this.#session?.close();
    }
  }

  async #network(): Promise<StepOutcome> {
    const url = new URL(baseUrl(this.#access.profile));
    const probe = await probeNetwork(url, Math.ceil(this.#totalMs * networkShare), this.#deadline);
    if (!probe.ok) return failed(probe.cause, probe.fix);
    this.clockSkewMs = probe.clockSkewMs;
    return passed(`${url.host} answers`);
  }

  async #login(): Promise<StepOutcome> {
    this.#session = await this.#open(this.#access, { loginTimeoutMs: this.#totalMs, signal: this.#deadline });
    this.clockSkewMs = (await readClockSkew(this.#execute())) ?? this.clockSkewMs;
    const { user } = this.#access.profile;
    return passed(user === null ? 'Logged in' : `Logged in as ${user}`);
  }

  #execute(): Execute {
    if (this.#session === null) throw new Error('No session: the login has not passed');
    return executeIn(this.#session, {
      tag: queryTag('test'),
      timeoutMs: this.#totalMs,
      signal: this.#deadline,
    });
  }

  /** False when it failed, or the time is over. */
  async #step(name: SnowflakeStepName, work: () => Promise<StepOutcome>): Promise<boolean> {
    if (this.#deadline.aborted) return false;
    this.#list.start(name);
    try {
      return this.#ended(name, await work());
    } catch (error) {
      if (!(error instanceof SnowflakeFault)) throw error;
      const later = name === 'login' ? laterSteps[error.kind] : undefined;
      if (later === undefined) return this.#ended(name, describe(error));
      this.#ended(name, passed('The login itself was accepted'));
      this.#list.start(later);
      return this.#ended(later, describe(error));
    }
  }

  /** After the deadline the caller has told how it ended. */
  #ended(name: SnowflakeStepName, outcome: StepOutcome): boolean {
    if (this.#deadline.aborted) return false;
    this.#list.end(name, outcome);
    return outcome.state !== 'failed';
  }
}

const describe = (fault: SnowflakeFault): StepOutcome => failed(fault.message, fault.fix ?? fixFor(fault.kind));

/** Snowflake's clock minus ours, finer than the HTTP header's; null when it does not say. */
async function readClockSkew(execute: Execute): Promise<number | null> {
  const askedAtMs = Date.now();
  const { rows } = await execute(`SELECT ${epochMs('SYSDATE()')} AS now_ms`);
  const serverMs = rows[0]?.['now_ms'];
  return typeof serverMs === 'number' ? Math.round(serverMs - (askedAtMs + Date.now()) / 2) : null;
}
