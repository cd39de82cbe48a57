/**
 * What somebody who helps needs to know, as one text that its owner reads before it goes anywhere.
 *
 * Invariants: counts of calls, never calls; no secret, user name, session or query value; the text that is shown is the text that is saved.
 */
import type { Diagnostics } from '../../contract/app-settings.ts';
import { About, Health } from '../../contract/gateway-api.ts';
import { toFailure } from '../../contract/errors.ts';
import type { GatewayStatus } from '../../contract/ipc.ts';
import type { GatewayRest } from '../gateway-rest.ts';
import type { Settings } from '../settings.ts';
import { lastLines } from './log-tail.ts';
import { redact, type Private } from './redact.ts';
import { settingsSummary } from './settings-summary.ts';

export interface DiagnosticsParts {
  readonly facts: () => Readonly<Record<string, unknown>>; // versions, system, displays
  readonly settings: () => Settings;
  readonly status: () => GatewayStatus;
  readonly rest: Pick<GatewayRest, 'ask'>;
  readonly logs: readonly { readonly name: string; readonly path: string }[];
  readonly privateParts: () => Private;
  readonly now: () => Date;
}

const logLines = 200;
const answerMs = 5000;

export async function collectDiagnostics(parts: DiagnosticsParts): Promise<Diagnostics> {
  const at = parts.now();
  const [about, health, ...logs] = await Promise.all([
    orReason(parts.rest.ask('/api/about', About, { timeoutMs: answerMs })),
    orReason(parts.rest.ask('/api/analytics/health', Health, { timeoutMs: answerMs })),
    ...parts.logs.map(({ path }) => lastLines(path, logLines)),
  ]);
  const sections: readonly (readonly [string, string])[] = [
    ['Made', at.toISOString()],
    ['This computer', plainFacts(parts.facts())],
    ['Settings of the app', json(settingsSummary(parts.settings()))],
    ['State of the gateway', json(parts.status())],
    ['About the gateway', json(about)],
    ['Health of the gateway, with its counts', json(withoutAccount(health))],
    ...parts.logs.map(({ name }, index) => [`Last lines of ${name}`, logText(logs[index] ?? [])] as const),
  ];
  const text = sections.map(([title, body]) => `== ${title}\n${body}\n`).join('\n');
  return {
    fileName: `ai-studio-monitor-diagnostics-${at.toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')}.txt`,
    text: redact(text, parts.privateParts()),
  };
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const plainFacts = (facts: Readonly<Record<string, unknown>>): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');

const logText = (lines: readonly string[]): string => (lines.length === 0 ? '(empty)' : lines.join('\n'));

/** A gateway that does not answer is what the text is about. */
async function orReason<T>(asked: Promise<T>): Promise<T | { readonly unknown: string }> {
  try {
    return await asked;
  } catch (error) {
    return { unknown: toFailure(error).message };
  }
}

function withoutAccount(health: Health | { readonly unknown: string }): object {
  if ('unknown' in health) return health;
  const { checks } = health;
  const { account, ...snowflake } = checks.snowflake;
  return { ...health, checks: { ...checks, snowflake: { ...snowflake, account: account === null ? null : '[set]' } } };
}
