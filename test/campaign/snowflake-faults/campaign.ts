/**
 * One run: a real journal is written to, a real process delivers it with the real driver, and for a while everything between it and the
 * stand-in goes wrong, while kill -9 ends it again and again. Then the faults stop, what waits is drained, and the oracle looks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../../gateway/sample/answer-plan.ts';
import type { RunningJournal } from '../../../gateway/journal/client.ts';
import { auditStreams } from '../../../gateway/warehouse/snowflake/audit.ts';
import type { Protocol } from '../../../gateway/warehouse/snowflake/loader.ts';
import { openSession } from '../../../gateway/warehouse/snowflake/open-session.ts';
import { randomFaults, type FaultPolicy } from '../../helpers/snowflake-server/faults.ts';
import type { SnowflakeServer } from '../../helpers/snowflake-server/server.ts';
import { startRepeatingProxy, type RepetitionPolicy } from '../../helpers/snowflake-repeating-proxy.ts';
import { endedCall, freshDataDir, rawRows, startTestJournal } from '../../gateway/journal/journal-kit.ts';
import {
  accessOf,
  auditable,
  setUp,
  startSnowflake,
  type TestSnowflake,
} from '../../gateway/warehouse/snowflake/snowflake-kit.ts';
import { procedureWithoutLook } from '../../helpers/snowflake-without-look.ts';
import type { Guard } from './deliverer.ts';
import { noise } from '../../gateway/warehouse/snowflake/persistent-kit.ts';
import { DelivererLives } from './deliverer-process.ts';
import { Meddler } from './meddler.ts';
import { judge, type Verdict } from './oracle.ts';

export interface CampaignPlan {
  readonly seed: number;
  /** At least so long, and until so many kills and repeated statements: a busy machine does little in a few seconds. */
  readonly faultMs: number;
  readonly minKills: number; // 0: no kills at all
  readonly minRepeated: number;
  readonly protocol: Protocol;
  /** Does the server recognise a request id it has seen? Snowflake may; nothing here may need it. */
  readonly deduplicate: boolean;
  readonly guard: Guard;
  /** Does an UPDATE that waited for a lock look again? Snowflake probably does so; nothing here may need it. */
  readonly looksAgain: boolean;
  /** Default of the account. */
  readonly autocommit: boolean;
}

export interface CampaignResult extends Verdict {
  readonly kills: number;
  readonly faults: number;
  readonly repeated: number;
  /** How often positions were put back. */
  readonly putBacks: number;
  /** Requests that were larger than the server took. */
  readonly tooLarge: number;
}

/** So small that some batches are too large, and no single call is; the guarded insert is itself some thousands of bytes. */
const wireLimitBytes: Readonly<Record<Protocol, number>> = { procedure: 6_000, guarded: 9_000 };

/** Snowflake waits five minutes; a campaign cannot. */
const detachedTransactionMs = 700;
const drainMs = 90_000;
const longestMs = 30_000;
const lastLandingMs = 300;

export async function runCampaign(plan: CampaignPlan): Promise<CampaignResult> {
  const { seed, faultMs, minKills, minRepeated, deduplicate, guard, looksAgain } = plan;
  const random = seededRandom(seed);
  using dataDir = freshDataDir();
  const snowflake = await startSnowflake({ detachedTransactionMs, deduplicate, looksAgain });
  const proxy = await startRepeatingProxy(snowflake.server.url);
  await prepare(snowflake, plan);
  const { profile, secrets } = accessOf(snowflake.standard, { accessUrl: proxy.url });
  const lives = new DelivererLives({ dataDir: dataDir.path, profile, secrets: secrets(), guard }, random);
  const meddler = new Meddler(snowflake.server, seededRandom(seed + 3));
  const faults = counted(badNetwork(seed));
  try {
    snowflake.server.setFaults(faults.policy);
    proxy.setPolicy(repetitions(seededRandom(seed + 1)));
    lives.begin(minKills > 0);
    meddler.begin();
    for (const share of [0.5, 1]) {
      const enough = () => lives.kills >= share * minKills && proxy.repeated() >= share * minRepeated;
      await writeJournal(dataDir.path, random, faultMs / 2, enough);
    }
    snowflake.server.setFaults(null);
    proxy.setPolicy(null);
    await meddler.end();
    await lives.stopKilling();
    await drained(snowflake.server, dataDir.path);
    await proxy.quiet();
    await sleep(lastLandingMs);
    const verdict = await judge(snowflake.server, dataDir.path);
    const [kills, putBacks, tooLarge] = [lives.kills, meddler.putBacks, snowflake.server.refusedBodies()];
    return { ...verdict, kills, faults: faults.count(), repeated: proxy.repeated(), putBacks, tooLarge };
  } finally {
    await meddler.end();
    await lives.end();
    await proxy.stop();
    await snowflake.stop();
  }
}

async function prepare(snowflake: TestSnowflake, { protocol, guard, autocommit }: CampaignPlan): Promise<void> {
  const { server, access } = snowflake;
  server.administrator.setDefaults({ AUTOCOMMIT: autocommit });
  await setUp(snowflake, protocol);
  if (protocol === 'procedure' && guard === 'withoutLook') {
    const session = await openSession(access);
    await session.execute({ sql: procedureWithoutLook(access.profile), tag: 'test' });
    await session.close();
  }
  server.configure({ wireLimitBytes: wireLimitBytes[protocol] });
}

const writing = new Set(['CALL', 'BEGIN', 'UPDATE', 'INSERT', 'MERGE', 'COMMIT']);

/**
 * Statements that write get every fault, what leads up to them a fifth, so that most sessions come as far as writing. Goodbyes and
 * cancellations are lost half the time: sessions and statements then live on without their client.
 */
function badNetwork(seed: number): FaultPolicy {
  const usual = randomFaults(seed);
  const random = seededRandom(seed + 2);
  return (request) => {
    if (request.kind === 'logout' || request.kind === 'abort') return random() < 0.5 ? { kind: 'dropBefore' } : null;
    if (!writing.has(request.statement ?? '')) return random() < 0.2 ? usual(request) : null;
    return random() < 0.02 ? { kind: 'blackHole' } : usual(request);
  };
}

/** The statements that write are repeated more often: it is they who could double a row. */
function repetitions(random: () => number): RepetitionPolicy {
  return (statement) => {
    if (!writing.has(statement)) return null;
    const share = statement === 'CALL' || statement === 'INSERT' ? 0.5 : 0.1;
    const chance = random() / share;
    if (chance < 0.5) return { kind: 'again' };
    return chance < 1 ? { kind: 'late', afterMs: [100 + random() * 900, 1_000 + random() * 1_500] } : null;
  };
}

function counted(policy: FaultPolicy): { readonly policy: FaultPolicy; readonly count: () => number } {
  let count = 0;
  return {
    policy: (request) => {
      const fault = policy(request);
      if (fault !== null) count += 1;
      return fault;
    },
    count: () => count,
  };
}

/** One start of the gateway: a stream of its own, in which calls come in bursts. */
async function writeJournal(
  dataDir: string,
  random: () => number,
  atLeastMs: number,
  enough: () => boolean,
): Promise<void> {
  const journal = await startTestJournal(dataDir);
  const startedMs = performance.now();
  const elapsedMs = () => performance.now() - startedMs;
  while (elapsedMs() < atLeastMs || (!enough() && elapsedMs() < longestMs)) {
    await burst(journal, 1 + Math.floor(random() * 12), random);
    await sleep(random() * 90);
  }
  await journal.stop();
}

async function burst(journal: RunningJournal, count: number, random: () => number): Promise<void> {
  const calls = Array.from({ length: count }, () =>
    endedCall({
      totalTokens: random() < 0.1 ? null : Math.floor(random() * 1e6),
      costUsd: random() < 0.1 ? null : Math.round(random() * 1e9) / 1e9,
      // Hexadecimal digits, so that even a compressed batch has a size.
      tags: { team: "o'brien \\ 😀", note: noise(400, Math.floor(random() * 1e9)) },
    }),
  );
  await Promise.all(calls.map((call) => journal.close(call, 10_000)));
}

/** Until nothing is missing and each position is at its last row; what is not so after that time, the verdict tells. */
async function drained(server: SnowflakeServer, dataDir: string): Promise<void> {
  const expected = rawRows(dataDir).length;
  const arrived = async () => {
    const [row] = await server.rows('SELECT COUNT(DISTINCT call_id) AS n FROM api_usage_metrics');
    if (Number(row?.['N']) !== expected) return false;
    const audits = await auditStreams(auditable(server));
    return audits.every(({ lastSeq, position }) => lastSeq === position);
  };
  for (const end = performance.now() + drainMs; performance.now() < end && !(await arrived());) await sleep(100);
}
