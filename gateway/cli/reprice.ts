/** `reprice`: calls that are there get the prices of today. Progress goes to stderr, the result to stdout. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../contract/errors.ts';
import { exitCodes } from '../../contract/gateway-api.ts';
import { RepriceInput, type RepriceState } from '../../contract/prices.ts';
import type { CliContext, Command } from './context.ts';
import { configOf, configOptions, instantOf, oneOf, parseFlags, type Flags } from './options.ts';
import { openRepriceDoor, type RepriceDoor } from './reprice-door.ts';

const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  engine: { type: 'string' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  ...configOptions,
} as const;

const lookEveryMs = 200;
const tellEveryMs = 1_000;

export const reprice: Command = {
  name: 'reprice',
  summary: 'Price calls of a range again by the prices of today (--dry-run: only say what would change)',
  async run(context: CliContext) {
    const flags = parseFlags(context.args, options);
    const inputs = inputsOf(flags);
    const door = await openRepriceDoor(configOf(flags, context), context.entries);
    try {
      const states: RepriceState[] = [];
      for (const input of inputs) {
        states.push(await runToEnd(door, input));
        if (states.at(-1)?.phase !== 'done') break;
      }
      const lines = flags['json'] === true ? [JSON.stringify(states)] : states.flatMap(tableOf);
      lines.forEach((line) => context.print(line));
      return states.every(({ phase }) => phase === 'done') ? exitCodes.ok : exitCodes.failed;
    } finally {
      await door.close();
    }
  },
};

/** One run for each engine, so that each has its own numbers; Snowflake first, so that one that is not configured stops all of it. */
function inputsOf(flags: Flags): readonly RepriceInput[] {
  const from = required(flags, 'from');
  const to = instantOf(oneOf(flags, 'to')) ?? new Date().toISOString();
  const engine = oneOf(flags, 'engine') ?? 'duckdb';
  const input = RepriceInput.safeParse({ from, to, engine, dryRun: flags['dry-run'] === true });
  if (!input.success) throw badFlag(String(input.error.issues[0]?.path[0] ?? ''), flags, input.error);
  const { engine: chosen } = input.data;
  return chosen === 'both'
    ? (['snowflake', 'duckdb'] as const).map((each) => ({ ...input.data, engine: each }))
    : [input.data];
}

function required(flags: Flags, name: string): string {
  const value = instantOf(oneOf(flags, name));
  if (value !== null) return value;
  throw new AppError('bad_config', `--${name} is missing. Accepted: ${acceptedTimes}.`, { field: `--${name}` });
}

const acceptedTimes = 'a time with its zone like 2026-11-01T09:00:00Z, or a date (its midnight in UTC)';

function badFlag(name: string, flags: Flags, cause: unknown): AppError {
  const accepted = name === 'engine' ? 'duckdb, snowflake, both' : acceptedTimes;
  const field = `--${name}`;
  return new AppError('bad_config', `${field} is "${oneOf(flags, name) ?? ''}". Accepted: ${accepted}.`, {
    field,
    cause,
  });
}

async function runToEnd(door: RepriceDoor, input: RepriceInput): Promise<RepriceState> {
  let state = await door.start(input);
  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  let toldMs = -Infinity;
  try {
    while (state.phase === 'running') {
      if (performance.now() - toldMs >= tellEveryMs) {
        tell(state);
        toldMs = performance.now();
      }
      await sleep(lookEveryMs);
      state = interrupted.signal.aborted ? await door.cancel() : await door.state();
    }
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
  return state;
}

function tell({ rowsSeen, rowsTotal, rowsChanged, detail }: RepriceState): void {
  const of = rowsTotal === null ? '' : ` of ${rowsTotal}`;
  process.stderr.write(`${detail}: ${rowsSeen}${of} calls, ${rowsChanged} with another price\n`);
}

function tableOf({ phase, input, rowsSeen, rowsChanged, rowsKept, oldCostUsd, newCostUsd, detail }: RepriceState) {
  const usd = (cost: number | null): string => (cost === null ? 'unknown' : `$${cost.toFixed(9)}`);
  const rows: readonly (readonly [string, string | number])[] = [
    ['Engine', input?.engine ?? ''],
    ['Range', `${input?.from ?? ''} to ${input?.to ?? ''}`],
    ['Calls', rowsSeen],
    [input?.dryRun === true ? 'Would change' : 'Changed', rowsChanged],
    ['Kept', rowsKept],
    ['Cost before', usd(oldCostUsd)],
    ['Cost now', usd(newCostUsd)],
    [phase === 'failed' ? 'Failed' : 'Result', detail],
  ];
  return rows.map(([name, value]) => `${name.padEnd(13)} ${value}`);
}
