/** Finds the command that the words name and runs it; every failure ends here with its exit code. */
import { AppError } from '../../contract/errors.ts';
import { exitCodes } from '../../contract/gateway-api.ts';
import type { CliContext, Command } from './context.ts';
import { dashboard } from './dashboard.ts';
import { doctor } from './doctor.ts';
import { exitCodeOf, reportFailure } from './exit.ts';
import { exportCsv } from './export.ts';
import { helpText } from './help.ts';
import { journalCheck } from './journal-check.ts';
import { reprice } from './reprice.ts';
import { sampleRemove } from './sample-remove.ts';
import { serve } from './serve.ts';
import { setupApiUsage } from './setup.ts';
import { snowflakeSync } from './snowflake-sync.ts';

const commands: readonly Command[] = [
  serve,
  setupApiUsage,
  doctor,
  exportCsv,
  journalCheck,
  snowflakeSync,
  reprice,
  dashboard,
  sampleRemove,
];

/** @returns the exit code; never rejects */
export async function runCli(context: CliContext): Promise<number> {
  try {
    return await run(context);
  } catch (error) {
    reportFailure(error);
    return exitCodeOf(error);
  }
}

async function run(context: CliContext): Promise<number> {
  const { args } = context;
  if (args.includes('--help') || args.includes('-h')) {
    context.print(helpText(commands));
    return exitCodes.ok;
  }
  if (args.includes('--version')) {
    context.print(context.version);
    return exitCodes.ok;
  }
  const { command, rest } = commandOf(args);
  return command.run({ ...context, args: rest });
}

function commandOf(args: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } {
  const firstOption = args.findIndex((arg) => arg.startsWith('-'));
  const words = args.slice(0, firstOption === -1 ? args.length : firstOption);
  if (words.length === 0) return { command: serve, rest: args };
  const name = words.join(' ');
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return { command, rest: args.slice(words.length) };
  const accepted = commands.map((candidate) => candidate.name).join(', ');
  throw new AppError('bad_config', `Unknown command "${name}". Accepted: ${accepted}, --help, --version.`, {
    field: name,
  });
}
