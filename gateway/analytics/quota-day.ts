/**
 * When daily quotas begin anew. Google's end at midnight Pacific time (https://ai.google.dev/gemini-api/docs/rate-limits), also on the days
 * of 23 and 25 hours; the other providers name no hour, so theirs is a window of 24 hours that moves.
 */
import type { QuotaReset } from '../../contract/analytics.ts';
import { Provider } from '../../contract/usage-record.ts';
import { startOfLocal, zoneOf } from './zone.ts';

const hourMs = 3_600_000;
const resetZones: { readonly [P in Provider]?: string } = { google: 'America/Los_Angeles' };

/** The quota day that the last millisecond before `toMs` lies in, for each provider. */
export const quotaDays = (toMs: number): QuotaReset[] => Provider.options.map((provider) => quotaDay(provider, toMs));

function quotaDay(provider: Provider, toMs: number): QuotaReset {
  const name = resetZones[provider];
  if (name === undefined) return { provider, zone: null, from: isoOf(toMs - 24 * hourMs), nextAt: null };
  const zone = zoneOf(name);
  const fromMs = startOfLocal(zone, toMs - 1, 'day');
  const tomorrowMs = fromMs + 30 * hourMs; // in the small hours of the next day, however long this one is
  return { provider, zone: name, from: isoOf(fromMs), nextAt: isoOf(startOfLocal(zone, tomorrowMs, 'day')) };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
