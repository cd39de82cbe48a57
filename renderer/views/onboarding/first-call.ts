/** Which call ends the waiting, and what it tells a person who has just set up a client. Pure. */
import { sampleTag, type UsageRecord } from '../../../contract/usage-record.ts';
import type { TailRow } from '../../live/tail.ts';

/**
 * The call to show among those that are new. A person's own call comes before sample traffic and an ended one before a running one; among equals the newest.
 * @param known the calls that were there before the waiting began
 */
export function firstCall(rows: readonly TailRow[], known: ReadonlySet<string>): TailRow | null {
  const fresh = rows.filter(({ call }) => !known.has(call.callId));
  const own = fresh.filter((row) => !isSample(row));
  const sample = fresh.filter((row) => isSample(row) && (row.kind === 'running' || row.call.outcome === 'ok'));
  return newest(own) ?? newest(sample);
}

const newest = (rows: readonly TailRow[]): TailRow | null =>
  rows.findLast(({ kind }) => kind === 'ended') ?? rows.at(-1) ?? null;

export const isSample = ({ call }: TailRow): boolean => call.tags[sampleTag.name] === sampleTag.value;

export interface Verdict {
  readonly good: boolean;
  readonly words: string;
}

/** Metered in any case; where the provider or the network refused it, what to look at. */
export function callVerdict({ outcome, statusCode }: Pick<UsageRecord, 'outcome' | 'statusCode'>): Verdict {
  const bad = (words: string): Verdict => ({ good: false, words: `The gateway metered the call, but ${words}` });
  switch (outcome) {
    case 'ok':
      return { good: true, words: 'It works. Every call through the gateway is metered like this one.' };
    case 'blocked':
      return bad('the provider blocked the answer.');
    case 'rate_limited':
      return bad('the provider is limiting your key. Wait a moment and send it again.');
    case 'client_error':
      return bad(clientErrorWords(statusCode));
    case 'upstream_error':
      return bad('the provider answered with an error of its own. Send it again.');
    case 'network_error':
    case 'timeout':
      return bad('the provider could not be reached. Check the network and a proxy of your company.');
    case 'client_aborted':
    case 'interrupted':
      return bad('it was cut off before its end. Send it again.');
    default:
      return outcome satisfies never;
  }
}

function clientErrorWords(statusCode: number | null): string {
  if (statusCode === 401 || statusCode === 403) return `the provider refused the key (HTTP ${statusCode}). Check it.`;
  if (statusCode === 404)
    return 'the provider does not know this path or model (HTTP 404). Check the base URL and the model.';
  return `the provider refused it${statusCode === null ? '' : ` (HTTP ${statusCode})`}. Its answer to your client says why.`;
}
