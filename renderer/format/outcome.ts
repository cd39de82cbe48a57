/** Outcomes as words, tones and shapes. A call the client cancelled is not an error. */
import { assertNever } from '../../contract/errors.ts';
import type { Outcome } from '../../contract/usage-record.ts';

export type OutcomeTone = 'good' | 'warn' | 'bad' | 'neutral' | 'running';
/** Each tone has its own shape so that colour never carries the meaning alone. */
export type OutcomeShape = 'check' | 'triangle' | 'cross' | 'slash' | 'ring' | 'clock';

export interface OutcomeLook {
  readonly label: string;
  readonly tone: OutcomeTone;
  readonly shape: OutcomeShape;
}

export function outcomeLook(outcome: Outcome | 'running'): OutcomeLook {
  switch (outcome) {
    case 'running':
      return { label: 'running', tone: 'running', shape: 'ring' };
    case 'ok':
      return { label: 'ok', tone: 'good', shape: 'check' };
    case 'blocked':
      return { label: 'blocked', tone: 'warn', shape: 'triangle' };
    case 'client_error':
      return { label: 'client error', tone: 'bad', shape: 'cross' };
    case 'rate_limited':
      return { label: 'rate limited', tone: 'warn', shape: 'triangle' };
    case 'upstream_error':
      return { label: 'upstream error', tone: 'bad', shape: 'cross' };
    case 'network_error':
      return { label: 'network error', tone: 'bad', shape: 'cross' };
    case 'timeout':
      return { label: 'timed out', tone: 'bad', shape: 'clock' };
    case 'client_aborted':
      return { label: 'cancelled', tone: 'neutral', shape: 'slash' };
    case 'interrupted':
      return { label: 'interrupted', tone: 'warn', shape: 'slash' };
    default:
      return assertNever(outcome);
  }
}

/** Outcomes the recent-errors list and the "failed" counts speak of. */
export function isFailure(outcome: Outcome): boolean {
  return outcome !== 'ok' && outcome !== 'client_aborted';
}

const providerLabels = { google: 'Google', openai: 'OpenAI', anthropic: 'Anthropic', other: 'Other' } as const;

export function providerLabel(provider: keyof typeof providerLabels): string {
  return providerLabels[provider];
}
