/** `dashboard`: a fresh one-time link to the dashboard of the running gateway. */
import { LoginLink } from '../api/routes.ts';
import { exitCodes } from '../../contract/gateway-api.ts';
import type { CliContext, Command } from './context.ts';
import { configOf, configOptions, parseFlags } from './options.ts';
import { requireRunningGateway } from './running-gateway.ts';

export const dashboard: Command = {
  name: 'dashboard',
  summary: 'Print a new one-time link that opens the dashboard in a browser',
  async run(context: CliContext) {
    const config = configOf(parseFlags(context.args, configOptions), context);
    const gateway = await requireRunningGateway(config.dataDir);
    const answer = await gateway.fetch('/api/login-link', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    context.print(LoginLink.parse(await answer.json()).url);
    return exitCodes.ok;
  },
};
