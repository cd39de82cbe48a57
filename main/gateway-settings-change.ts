/**
 * Saves how the gateway is started, and starts it so.
 *
 * Invariants
 * - What is saved is what the gateway runs with: settings it does not start with are taken back before the answer.
 * - One change at a time. A gateway of another program is never changed.
 */
import type { GatewaySettings } from '../contract/app-settings.ts';
import { AppError } from '../contract/errors.ts';
import { answersHealth } from './gateway-file.ts';
import type { GatewayState, GatewaySupervisor } from './gateway-process.ts';
import { checkGatewaySettings } from './gateway-settings-check.ts';
import { untilSettled } from './gateway-settled.ts';
import type { Settings, SettingsStore } from './settings.ts';

export interface SettingsChangeParts {
  readonly supervisor: Pick<GatewaySupervisor, 'state' | 'onChange' | 'restart'>;
  readonly settings: Pick<SettingsStore, 'current' | 'change'>;
  /** Port and flags that the next start would use. */
  readonly startsWith: () => readonly string[];
  /** Why the settings are not ours to change; null when they are. */
  readonly locked: () => string | null;
  /** The command line decides the port of this run. */
  readonly portIsGiven: () => boolean;
  readonly deadlineMs?: number;
}

/** Longer than the supervisor waits for the ready line of one attempt. */
const startMs = 40_000;

type Kept = Pick<Settings, 'port' | 'gateway'>;

/** @throws (from the function it makes) AppError that names the field, or why the gateway did not start; then nothing has changed. */
export function createSettingsChange(parts: SettingsChangeParts): (next: GatewaySettings) => Promise<void> {
  let running = false;
  return async (next) => {
    const locked = parts.locked();
    if (locked !== null) throw new AppError('not_supported_here', locked);
    if (running) throw new AppError('busy', 'The gateway is being restarted with other settings. Wait for its end.');
    running = true;
    try {
      await checkGatewaySettings(next, parts.portIsGiven() ? next.port : portOf(parts.supervisor.state()));
      await changeTo(next, parts);
    } finally {
      running = false;
    }
  };
}

function portOf({ endpoint }: GatewayState): number | null {
  return endpoint === null ? null : Number(new URL(endpoint.url).port);
}

async function changeTo({ port, ...gateway }: GatewaySettings, parts: SettingsChangeParts): Promise<void> {
  const before: Kept = { port: parts.settings.current().port, gateway: parts.settings.current().gateway };
  const startedWith = parts.startsWith();
  await keep({ port, gateway }, before, parts);
  if (sameWords(parts.startsWith(), startedWith)) return;
  const problem = await restarted(parts);
  if (problem === null) return;
  await parts.settings.change(before);
  const after = await restarted(parts);
  const back =
    after === null
      ? 'The settings are as before.'
      : `The gateway does not start with the old ones either: ${after.why}`;
  throw new AppError(problem.code, `${problem.why} ${back}`, problem.field === null ? {} : { field: problem.field });
}

/** A save that fails leaves what was there: the store keeps a change in memory, and the next save of anything would write it after all. */
async function keep(next: Kept, before: Kept, { settings }: SettingsChangeParts): Promise<void> {
  try {
    await settings.change(next);
  } catch (error) {
    await settings.change(before).catch(() => undefined); // the same disk, the same failure
    throw error;
  }
}

const sameWords = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, index) => word === b[index]);

interface Problem {
  readonly code: 'port_in_use' | 'bad_config';
  readonly why: string;
  readonly field: string | null;
}

/** Null when the gateway runs and this app reaches it. */
async function restarted({ supervisor, deadlineMs = startMs }: SettingsChangeParts): Promise<Problem | null> {
  await supervisor.restart();
  const { phase, endpoint, detail, suggestedPort } = await untilSettled(supervisor, deadlineMs);
  if (phase !== 'running' || endpoint === null) {
    const why = detail.replace(/ Trying again in [\d.]+ s\.$/, '');
    return { code: suggestedPort === null ? 'bad_config' : 'port_in_use', why, field: fieldIn(why) };
  }
  if (await answersHealth(endpoint.toolsUrl)) return null;
  return {
    code: 'bad_config',
    why: `The gateway started at ${endpoint.url}, but does not answer this app at ${endpoint.toolsUrl}.`,
    field: 'host',
  };
}

const fields: readonly (readonly [RegExp, string])[] = [
  [/--port|\bport \d+/i, 'port'],
  [/--host|listen on/, 'host'],
  [/--tls-cert/, 'tlsCert'],
  [/--tls-key/, 'tlsKey'],
  [/--upstream/, 'upstreams'],
];

const fieldIn = (why: string): string | null => fields.find(([pattern]) => pattern.test(why))?.[1] ?? null;
