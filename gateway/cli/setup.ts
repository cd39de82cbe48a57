/** `setup api_usage`: makes what delivery needs in the Snowflake schema, and says what it did, statement by statement. */
import { AppError } from '../../contract/errors.ts';
import { exitCodes } from '../../contract/gateway-api.ts';
import type { SnowflakeSetup } from '../../contract/snowflake.ts';
import type { CliContext, Command } from './context.ts';
import { configOf, configOptions, parseFlags } from './options.ts';
import { openSnowflakeDoor } from './snowflake-door.ts';

const options = { 'dry-run': { type: 'boolean' }, ...configOptions } as const;

export const setupApiUsage: Command = {
  name: 'setup api_usage',
  summary: 'Create tables, procedure and views in Snowflake (--dry-run: only print them)',
  async run(context: CliContext) {
    const flags = parseFlags(context.args, options);
    const door = await openSnowflakeDoor(configOf(flags, context));
    if (door === null) {
      throw new AppError(
        'bad_config',
        'Snowflake is not configured. Set SNOWFLAKE_ACCOUNT, _USER, _WAREHOUSE, _DATABASE, _SCHEMA and a way to log in, in the environment or in .env.',
        { field: 'SNOWFLAKE_ACCOUNT' },
      );
    }
    const setup = await door.setup(flags['dry-run'] === true);
    linesOf(setup, door.account).forEach((line) => context.print(line));
    return setup.ok ? exitCodes.ok : exitCodes.failed;
  },
};

function linesOf({ dryRun, statements, grants, optional, ok }: SnowflakeSetup, account: string): readonly string[] {
  return [
    ...statements.flatMap(({ name, sql, state, detail }) => [
      `${state.padEnd(8)} ${name}${detail === '' ? '' : `: ${detail}`}`,
      ...(sql === '' ? [] : [indented(sql), '']),
    ]),
    '-- For an administrator: the rights that delivery and the dashboard need. Not executed.',
    grants,
    '-- Optional, not executed.',
    optional,
    verdict(dryRun, ok, account),
  ];
}

function verdict(dryRun: boolean, ok: boolean, account: string): string {
  if (!ok) return `Not everything could be made in ${account}: see the lines that begin with "failed".`;
  return dryRun ? `Dry run: nothing was changed in ${account}.` : `${account} is ready for delivery.`;
}

const indented = (text: string): string => text.replaceAll(/^/gm, '         ');
