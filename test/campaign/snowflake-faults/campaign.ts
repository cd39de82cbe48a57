/**
 * One run: a real journal is written to, a real process delivers it with the real driver, and for a while everything between it and the
 * stand-in goes wrong, while kill -9 ends it again and again. Then the faults stop, what waits is drained, and the oracle looks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../../gateway/sample/answer-plan.ts';
import type { RunningJournal } from '../../../gateway/journal/client.ts';
import type { Protocol } from '../../../gateway/warehouse/snowflake/loader.ts';
import { randomFaults, type FaultPolicy } from '../../helpers/snowflake-server/faults.ts';
import type { SnowflakeServer } from '../../helpers/snowflake-server/server.ts';
import { startRepeatingProxy, type RepetitionPolicy } from '../../helpers/snowflake-repeating-proxy.ts';
import { endedCall, freshDataDir, rawRows, startTestJournal } from '../../gateway/journal/journal-kit.ts';
import { accessOf, setUp, startSnowflake } from '../../gateway/warehouse/snowflake/snowflake-kit.ts';
import { DelivererLives } from './deliverer-process.ts';
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
  /** False: the guarded protocol without its guard. */
  readonly guarded: boolean;
}

export interface CampaignResult extends Verdict {
  readonly kills: number;
  readonly faults: number;
  readonly repeated: number;
}

/** Snowflake waits five minutes; a campaign cannot. */
const detachedTransactionMs = 700;
const drainMs = 90_000;
const longestMs = 30_000;
const lastLandingMs = 300;

export async function runCampaign(plan: CampaignPlan): Promise<CampaignResult> {
  const { seed, faultMs, minKills, minRepeated, protocol, deduplicate, guarded } = plan;
  const random = seededRandom(seed);
  using dataDir = freshDataDir();
  const snowflake = await startSnowflake({ detachedTransactionMs, deduplicate });
  const proxy = await startRepeatingProxy(snowflake.server.url);
  await setUp(snowflake, protocol);
  const { profile, secrets } = accessOf(snowflake.standard, { accessUrl: proxy.url });
  const lives = new DelivererLives({ dataDir: dataDir.path, profile, secrets: secrets(), guarded }, random);
  const faults = counted(badNetwork(seed));
  try {
    snowflake.server.setFaults(faults.policy);
    proxy.setPolicy(repetitions(seededRandom(seed + 1)));
    lives.begin(minKills > 0);
    for (const share of [0.5, 1]) {
      const enough = () => lives.kills >= share * minKills && proxy.repeated() >= share * minRepeated;
      await writeJournal(dataDir.path, random, faultMs / 2, enough);
    }
    snowflake.server.setFaults(null);
    proxy.setPolicy(null);
    await lives.stopKilling();
    await drained(snowflake.server, dataDir.path);
    await proxy.quiet();
    await sleep(lastLandingMs);
    const verdict = await judge(snowflake.server, dataDir.path);
    return { ...verdict, kills: lives.kills, faults: faults.count(), repeated: proxy.repeated() };
  } finally {
    await lives.end();
    await proxy.stop();
    await snowflake.stop();
  }
}

const writing = new Set(['CALL', 'BEGIN', 'UPDATE', 'INSERT', 'COMMIT']);

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
      tags: { team: "o'brien \\ 😀" },
    }),
  );
  await Promise.all(calls.map((call) => journal.close(call, 10_000)));
}

/** Until nothing is missing; what is, after that time, the verdict tells. */
async function drained(server: SnowflakeServer, dataDir: string): Promise<void> {
  const expected = rawRows(dataDir).length;
  const arrived = async () => {
    const [row] = await server.rows('SELECT COUNT(DISTINCT call_id) AS n FROM api_usage_metrics');
    return Number(row?.['N']) === expected;
  };
  for (const end = performance.now() + drainMs; performance.now() < end && !(await arrived());) await sleep(100);
}
