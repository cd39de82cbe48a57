/**
 * How this app's gateway is started: what the user chose, else what its environment says, else the gateway's own defaults. Pure. None of it
 * is secret, so it goes as flags, which the gateway puts before its environment.
 */
import { GatewaySettings, UserIdPolicy } from '../contract/app-settings.ts';
import type { LaunchOptions } from './launch-options.ts';

/** The port has a place of its own among the settings: the window offers another one when it is taken. */
export const GatewayChoice = GatewaySettings.omit({ port: true });
export type GatewayChoice = Omit<GatewaySettings, 'port'>;

type Environment = Readonly<Record<string, string | undefined>>;

const defaults: GatewayChoice = {
  host: '127.0.0.1',
  tlsCert: null,
  tlsKey: null,
  upstreams: [],
  streamUsage: true,
  drainMs: 0,
  userIds: 'plain',
};

/** What the gateway does while nothing was chosen here: the form begins with it. A value it would refuse counts as not set. */
export function choiceFrom(env: Environment): GatewayChoice {
  const drainMs = Number(env['AISM_DRAIN_MS'] ?? '');
  const found = {
    host: env['AISM_HOST'] || defaults.host,
    tlsCert: env['AISM_TLS_CERT'] || null,
    tlsKey: env['AISM_TLS_KEY'] || null,
    upstreams: [],
    streamUsage: !/^(?:false|0|no|off)$/i.test(env['AISM_STREAM_USAGE'] ?? ''),
    drainMs: Number.isInteger(drainMs) ? drainMs : defaults.drainMs,
    userIds: UserIdPolicy.safeParse(env['AISM_USER_IDS']).data ?? defaults.userIds,
  };
  return GatewayChoice.safeParse(found).data ?? defaults;
}

/** @param choice null: nothing was chosen, so the gateway's environment and defaults hold. */
export function gatewayFlags(choice: GatewayChoice | null): readonly string[] {
  if (choice === null) return [];
  const { host, tlsCert, tlsKey, upstreams, streamUsage, drainMs, userIds } = choice;
  return [
    '--host',
    host,
    ...(tlsCert === null ? [] : ['--tls-cert', tlsCert]),
    ...(tlsKey === null ? [] : ['--tls-key', tlsKey]),
    ...upstreams.flatMap(({ name, provider, url }) => [
      '--upstream',
      `${name}${provider === null ? '' : `:${provider}`}=${url}`,
    ]),
    streamUsage ? '--stream-usage' : '--no-stream-usage',
    '--drain-ms',
    String(drainMs),
    '--user-ids',
    userIds,
  ];
}

/** What the command line of this run sets instead of what was saved. */
export function thisRun({ port, upstreams }: Pick<LaunchOptions, 'port' | 'upstreams'>): string[] {
  const names = upstreams.map((spec) => /^[^:=]+/.exec(spec)?.[0] ?? spec);
  return [
    ...(port === null ? [] : [`The app was started with port ${port}, so this run uses that one.`]),
    ...(names.length === 0
      ? []
      : [`The app was started with --upstream ${names.join(', ')}: for this run that holds.`]),
  ];
}
