import { closingLine } from '../launch/summary.mjs';
import { unitStage } from '../launch/test-stages.mjs';

/** Files whose tests grow when `AISM_LONG` is 1: more seeds, more rounds, more rows. */
const longFiles = ['test/campaign/', 'fuzz'];

/**
 * The campaigns at full length (hours, not minutes), with printed counts of rounds, kills, rows, lost and duplicated. For a nightly run.
 * @param {readonly string[]} args file filters instead of all long files
 */
export async function run(args) {
  process.env['AISM_LONG'] = '1';
  const { counts, seconds } = await unitStage(args.length > 0 ? args : longFiles);
  process.stdout.write(`\n${closingLine([counts])} in ${Math.round(seconds / 60)} min\n`);
  return counts.failed > 0 ? 1 : 0;
}
