/** The user's own prices: which entry fits a call, and what it costs by it. */
import { z } from 'zod';
import { Provider } from '../../contract/usage-record.ts';
import type { UsageFacts } from '../usage/usage-facts.ts';

const UsdPerMillion = z.number().nonnegative().max(1_000_000);
const Instant = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** One entry of prices.json. The first entry that fits a call is used; `from` is inclusive, `to` exclusive. */
export const PriceOverride = z.strictObject({
  provider: Provider,
  model: z.string().min(1).max(200), // `*` stands for any text
  inputPerMillionUsd: UsdPerMillion,
  outputPerMillionUsd: UsdPerMillion,
  cachedInputPerMillionUsd: UsdPerMillion.optional(), // not given: the input price
  cacheWritePerMillionUsd: UsdPerMillion.optional(), // not given: the input price
  from: Instant.optional(),
  to: Instant.optional(),
});
export type PriceOverride = z.infer<typeof PriceOverride>;
export const PriceOverrides = z.array(PriceOverride).max(10_000);

interface Rule {
  readonly entry: PriceOverride;
  readonly pattern: RegExp;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Overrides {
  readonly rules: readonly Rule[];
  readonly version: string;
}

export const noOverrides: Overrides = { rules: [], version: 'prices.json' };

export function compileOverrides(entries: readonly PriceOverride[], version: string): Overrides {
  const rules = entries.map((entry) => ({
    entry,
    pattern: wildcard(entry.model),
    fromMs: entry.from === undefined ? -Infinity : Date.parse(entry.from),
    toMs: entry.to === undefined ? Infinity : Date.parse(entry.to),
  }));
  return { rules, version };
}

/** `*` matches any text; runs of it are one, so that a pattern cannot be made slow. */
function wildcard(pattern: string): RegExp {
  const parts = pattern
    .replace(/\*+/g, '*')
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}

export interface OverrideQuestion {
  readonly provider: Provider;
  readonly model: string;
  readonly at: Date;
  readonly facts: UsageFacts;
}

/** Cost in USD by the user's own price; null when no entry fits. */
export function overrideCost(overrides: Overrides, { provider, model, at, facts }: OverrideQuestion): number | null {
  if (overrides.rules.length === 0) return null;
  const atMs = at.getTime();
  const rule = overrides.rules.find(
    ({ entry, pattern, fromMs, toMs }) =>
      entry.provider === provider && atMs >= fromMs && atMs < toMs && pattern.test(model),
  );
  return rule === undefined ? null : costBy(rule.entry, facts);
}

function costBy(entry: PriceOverride, facts: UsageFacts): number {
  const cached = facts.cachedInputTokens ?? 0;
  const written = facts.cacheWriteTokens ?? 0;
  const plain = Math.max(0, (facts.inputTokens ?? 0) - cached - written);
  const perMillion =
    plain * entry.inputPerMillionUsd +
    cached * (entry.cachedInputPerMillionUsd ?? entry.inputPerMillionUsd) +
    written * (entry.cacheWritePerMillionUsd ?? entry.inputPerMillionUsd) +
    (facts.outputTokens ?? 0) * entry.outputPerMillionUsd;
  return perMillion / 1e6;
}
