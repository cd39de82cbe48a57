/** What a price depends on. A live call's facts have it, and so has a stored row: history can be priced again. */
import type { CountedUsage } from '../usage/usage-facts.ts';

/** The served model first; the requested one stands in when no list knows the served name. */
export function modelNames({ model, modelRequested }: CountedUsage): readonly string[] {
  return [...new Set([model, modelRequested].filter((name) => name !== null))];
}
