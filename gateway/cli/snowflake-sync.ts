/** `snowflake sync`: the running gateway sends what waits now instead of at its next interval. */
import { exitCodes } from '../../contract/gateway-api.ts';
import { SnowflakeHealth } from '../../contract/snowflake.ts';
import type { CliContext, Command } from './context.ts';
import { configOf, configOptions, parseFlags } from './options.ts';
import { requireRunningGateway } from './running-gateway.ts';

export const snowflakeSync: Command = {
  name: 'snowflake sync',
  summary: 'Send the calls that wait for Snowflake now',
  async run(context: CliContext) {
    const config = configOf(parseFlags(context.args, configOptions), context);
    const gateway = await requireRunningGateway(config.dataDir);
    const headers = { 'content-type': 'application/json' };
    const answer = await gateway.fetch('/api/snowflake/sync', { method: 'POST', headers, body: '{}' });
    const { state, detail, backlogRows, deliveredRows, action } = SnowflakeHealth.parse(await answer.json());
    context.print(`${detail}. ${deliveredRows} rows delivered since the gateway started, ${backlogRows} wait.`);
    if (action !== null) context.print(action);
    return state === 'ok' && backlogRows === 0 ? exitCodes.ok : exitCodes.failed;
  },
};
