import { isStopping } from '../launch/children.mjs';
import { LaunchError } from '../launch/messages.mjs';
import { closingLine } from '../launch/summary.mjs';
import { checkStage, e2eStage, prepareWindow, unitStage } from '../launch/test-stages.mjs';

/** @typedef {import('../launch/test-stages.mjs').Outcome} Outcome */

const stages = ['types', 'lint', 'format', 'unit', 'e2e'];

/**
 * `--only STAGE` runs one stage; what follows goes to its runner (a file filter, for example).
 * @param {readonly string[]} args
 */
export function parseTestArguments(args) {
  const at = args.indexOf('--only');
  if (at === -1) {
    if (args.length > 0)
      throw new LaunchError(`Unknown option ${args[0]}. Name a stage first: --only ${stages.join('|')}.`);
    return { only: null, rest: [] };
  }
  const only = args[at + 1] ?? '';
  if (!stages.includes(only)) throw new LaunchError(`--only takes one of: ${stages.join(', ')}.`);
  return { only, rest: [...args.slice(0, at), ...args.slice(at + 2)] };
}

/**
 * All checks. Types, lint, format and the preparation of the window (mostly a download) share the two cores; the tests follow one kind at
 * a time, because several of them measure delays.
 * @param {readonly string[]} args
 */
export async function run(args) {
  const { only, rest } = parseTestArguments(args);
  const outcomes = only === null ? await runAll() : [await runOne(only, rest)];
  process.stdout.write(`\n${outcomes.map(describe).join('\n')}\n\n`);
  process.stdout.write(`${closingLine(outcomes.map(({ counts }) => counts))}\n`);
  if (isStopping()) return 130;
  return outcomes.some(({ counts }) => counts.failed > 0) ? 1 : 0;
}

/** @returns {Promise<Outcome[]>} */
async function runAll() {
  const preparing = prepareWindow();
  const checks = await Promise.all(['types', 'lint', 'format'].map((name) => checkStage(name, [])));
  const preparation = await preparing;
  const tests = [];
  if (!isStopping()) tests.push(await unitStage([]));
  if (!isStopping()) tests.push(await e2eStage(preparation, []));
  return [...checks, ...tests];
}

/**
 * @param {string} name
 * @param {readonly string[]} rest
 * @returns {Promise<Outcome>}
 */
async function runOne(name, rest) {
  if (name === 'unit') return unitStage(rest);
  if (name === 'e2e') return e2eStage(await prepareWindow(), rest);
  return checkStage(name, rest);
}

/** @param {Outcome} outcome */
function describe({ name, counts, seconds, note }) {
  const line = `  ${name.padEnd(8)} ${closingLine([counts]).padEnd(28)} ${seconds.toFixed(1)} s`;
  return note === undefined ? line : `${line}\n           ${note}`;
}
