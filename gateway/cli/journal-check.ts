/** `journal check`: is the journal whole? Changes nothing; the gateway may be running. */
import { exitCodes } from '../../contract/gateway-api.ts';
import { checkJournal, type JournalReport } from '../journal/check.ts';
import type { CliContext, Command } from './context.ts';
import { configOf, configOptions, parseFlags } from './options.ts';

export const journalCheck: Command = {
  name: 'journal check',
  summary: 'Check the integrity of the journal: rows, gaps, cursors',
  async run(context: CliContext) {
    const config = configOf(parseFlags(context.args, configOptions), context);
    const report = checkJournal(config.dataDir);
    linesOf(report).forEach((line) => context.print(line));
    return report.ok ? exitCodes.ok : exitCodes.failed;
  },
};

function linesOf(report: JournalReport): readonly string[] {
  return [
    `Journal     ${report.path}`,
    `Rows        ${report.rows} ended, ${report.openRows} open; seq ${report.firstSeq} to ${report.lastSeq}`,
    ...report.deliveries.map(({ destination, seq }) => `Delivered   ${destination} has everything up to seq ${seq}`),
    ...report.gaps.map(({ from, to }) => `Gap         seq ${from} to ${to}`),
    ...report.quarantined.map((name) => `Set aside   ${name}`),
    ...report.problems.map((problem) => `Problem     ${problem}`),
    report.ok ? 'The journal is whole.' : 'The journal is not whole.',
  ];
}
