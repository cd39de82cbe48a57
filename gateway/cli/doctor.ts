/** `doctor`: looks at every part a gateway needs, changes as little as possible, and names what is wrong. */
import { exitCodes } from '../../contract/gateway-api.ts';
import type { GatewayConfig } from '../config.ts';
import type { CliContext, Command } from './context.ts';
import { clockFinding, lookAtUpstream } from './doctor-network.ts';
import { lookAtSnowflake } from './doctor-snowflake.ts';
import { storageFindings } from './doctor-storage.ts';
import type { Finding } from './finding.ts';
import { configOf, parseFlags, serveOptions } from './options.ts';

const options = { ...serveOptions, json: { type: 'boolean' } } as const;

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check configuration, data directory, journal, database, upstreams, Snowflake and clock (--json)',
  async run(context: CliContext) {
    const flags = parseFlags(context.args, options);
    const config = configOf(flags, context);
    const findings = await findingsOf(config, context);
    const ok = findings.every(({ state }) => state !== 'failed');
    const lines =
      flags['json'] === true ? [JSON.stringify({ ok, version: context.version, findings })] : tableOf(findings);
    lines.forEach((line) => context.print(line));
    return ok ? exitCodes.ok : exitCodes.failed;
  },
};

async function findingsOf(config: GatewayConfig, { entries }: CliContext): Promise<readonly Finding[]> {
  const [storage, upstreams, snowflake] = await Promise.all([
    storageFindings(config, entries),
    Promise.all(config.upstreams.map(lookAtUpstream)),
    lookAtSnowflake(config),
  ]);
  const clocks = [...upstreams.map(({ clock }) => clock), snowflake.clock].filter((clock) => clock !== null);
  const count = `${config.upstreams.length} upstreams, data in ${config.dataDir}`;
  return [
    { state: 'ok', part: 'configuration', detail: count },
    ...storage,
    ...upstreams.map(({ finding }) => finding),
    ...snowflake.findings,
    clockFinding(clocks),
  ];
}

function tableOf(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ state, part, detail, fix }) => [
    `${state.padEnd(7)} ${part.padEnd(21)} ${detail}`,
    ...(state === 'ok' || fix === undefined || fix === null ? [] : [`${' '.repeat(30)}${fix}`]),
  ]);
}
