/** Which screens have a period, and which can lay the one before it over their charts: for the header and for the keys it names. Pure. */
import type { Screen } from './address.ts';

const withPeriod: readonly Screen[] = ['overview', 'requests', 'costs', 'limits'];
const withComparison: readonly Screen[] = ['overview', 'costs'];

export interface HeaderParts {
  readonly period: boolean;
  readonly compares: boolean;
}

export function headerParts(screen: Screen): HeaderParts {
  return { period: withPeriod.includes(screen), compares: withComparison.includes(screen) };
}
