/**
 * Exactly once into Snowflake (P4, FAULTS 11–15): lost requests and answers, refusals, lost and expired sessions, statements that arrive twice
 * or late, requests that are too large, positions that are put back, and kill -9 of the process that delivers. In `npm run test:long`: 20 seeds of a minute each, with and without recognised request
 * ids. Only against a stand-in: what a real account alone can prove is listed in test/helpers/snowflake-server/server.ts.
 */
import { describe, expect, it } from 'vitest';
import { inLongRun } from '../helpers/long-run.ts';
import { runCampaign, type CampaignPlan, type CampaignResult } from './snowflake-faults/campaign.ts';

const faultMs = inLongRun(60_000, 3_000);
const minKills = inLongRun(20, 2);
const minRepeated = inLongRun(40, 3);
const timeoutMs = faultMs + 200_000;
const seedsOf = (count: number, first: number) => Array.from({ length: count }, (_, index) => first + index);

/** Protocols take turns. */
const plan = (seed: number, deduplicate: boolean): CampaignPlan => ({
  seed,
  faultMs,
  minKills,
  minRepeated,
  deduplicate,
  protocol: seed % 2 === 0 ? 'procedure' : 'guarded',
  guard: 'whole',
  looksAgain: Math.floor(seed / 2) % 2 === 0,
  autocommit: seed % 3 !== 1,
});
const plans: readonly CampaignPlan[] = [
  ...seedsOf(inLongRun(20, 3), 101).map((seed) => plan(seed, false)),
  ...seedsOf(inLongRun(20, 2), 202).map((seed) => plan(seed, true)),
];

const total = { runs: 0, kills: 0, faults: 0, repeated: 0, putBacks: 0, tooLarge: 0, rows: 0, lost: 0, duplicated: 0 };

const guards = {
  whole: '',
  withoutLook: ' without the look for rows that are there',
  none: ' without its guard',
} as const;

function report(run: CampaignPlan, result: CampaignResult): void {
  const { seed, protocol, guard, deduplicate, looksAgain, autocommit } = run;
  const what =
    `${protocol}${guards[guard]}, request ids ${deduplicate ? 'known' : 'unknown'}, ` +
    `AUTOCOMMIT ${autocommit ? 'on' : 'off'}, UPDATE ${looksAgain ? 'looks' : 'does not look'} again`;
  const { kills, faults, repeated, putBacks, tooLarge, journalRows, lost, duplicated, different } = result;
  process.stdout.write(
    `snowflake campaign seed ${seed} (${what}): ${kills} kills, ${faults} faults, ${repeated} repeated, ` +
      `${putBacks} positions put back, ${tooLarge} too large, ` +
      `${journalRows} rows, ${lost} lost, ${duplicated} duplicated, ${different} different\n`,
  );
}

describe('delivery to Snowflake under faults and kill -9', () => {
  it.each(plans)(
    'stores each row once: seed $seed, $protocol, request ids recognised: $deduplicate',
    async (run) => {
      const result = await runCampaign(run);
      report(run, result);
      total.runs += 1;
      total.kills += result.kills;
      total.faults += result.faults;
      total.repeated += result.repeated;
      total.putBacks += result.putBacks;
      total.tooLarge += result.tooLarge;
      total.rows += result.journalRows;
      total.lost += result.lost;
      total.duplicated += result.duplicated;
      expect(result).toMatchObject({ lost: 0, duplicated: 0, different: 0, problems: [] });
      expect(result.storedRows).toBe(result.journalRows);
    },
    timeoutMs,
  );

  it('was really disturbed', () => {
    process.stdout.write(`snowflake campaign, all: ${JSON.stringify(total)}\n`);
    expect(total.runs).toBe(plans.length);
    expect(total.rows).toBeGreaterThan(100 * total.runs);
    expect(total.kills).toBeGreaterThan(total.runs);
    expect(total.faults).toBeGreaterThan(total.runs);
    expect(total.repeated).toBeGreaterThan(0);
    expect(total.putBacks).toBeGreaterThan(total.runs);
    expect(total.tooLarge).toBeGreaterThan(0);
  });

  it.each([
    ['guarded', 'none'],
    ['guarded', 'withoutLook'],
    ['procedure', 'withoutLook'],
  ] as const)(
    'loses or doubles rows without the guard: the campaign would notice (%s, %s)',
    async (protocol, guard) => {
      let wrong = 0;
      for (let seed = 501; seed < 505 && wrong === 0; seed += 1) {
        const run: CampaignPlan = { ...plan(seed, false), protocol, guard, minKills: 0 };
        const result = await runCampaign(run);
        report(run, result);
        wrong = result.lost + result.duplicated + result.different;
      }
      expect(wrong).toBeGreaterThan(0);
    },
    4 * timeoutMs,
  );
});
