/** What a person types about a limit, and the limit it becomes. Pure. */
import type { LimitRow } from '../../../contract/analytics.ts';
import type { RateLimit, Thresholds } from '../../../contract/thresholds.ts';

export const limitFields = ['requestsPerMinute', 'tokensPerMinute', 'requestsPerDay'] as const;
export type LimitField = (typeof limitFields)[number];
export type LimitDraft = Readonly<Record<LimitField, string>>;

export const fieldLabels: Readonly<Record<LimitField, string>> = {
  requestsPerMinute: 'Requests a minute (RPM)',
  tokensPerMinute: 'Input tokens a minute (TPM)',
  requestsPerDay: 'Requests a day (RPD)',
};

export function draftOf(limit: RateLimit | null): LimitDraft {
  const text = (field: LimitField): string => ((limit?.[field] ?? null) === null ? '' : String(limit?.[field]));
  return {
    requestsPerMinute: text('requestsPerMinute'),
    tokensPerMinute: text('tokensPerMinute'),
    requestsPerDay: text('requestsPerDay'),
  };
}

/** Null where the text is a limit, or empty: no limit. Thousands may be set apart as people write them. */
export function fieldProblem(text: string): string | null {
  const plain = text.replaceAll(/[\s,']/g, '');
  if (plain === '' || /^[1-9]\d{0,11}$/.test(plain)) return null;
  return 'Accepted: a whole number above 0, or nothing';
}

export const isComplete = (draft: LimitDraft): boolean =>
  limitFields.every((field) => fieldProblem(draft[field]) === null);

const numberOf = (text: string): number | null => {
  const plain = text.replaceAll(/[\s,']/g, '');
  return plain === '' ? null : Number(plain);
};

/** The thresholds with the limit of one row's model and key replaced; an empty draft takes it away. */
export function withLimit(
  thresholds: Thresholds,
  { provider, model, key }: Pick<LimitRow, 'provider' | 'model' | 'key'>,
  draft: LimitDraft,
  id: string,
): Thresholds {
  const others = thresholds.limits.filter(
    (limit) => !(limit.provider === provider && limit.model === model && limit.key === key),
  );
  const limit: RateLimit = {
    id,
    provider,
    model,
    key,
    requestsPerMinute: numberOf(draft.requestsPerMinute),
    tokensPerMinute: numberOf(draft.tokensPerMinute),
    requestsPerDay: numberOf(draft.requestsPerDay),
  };
  const isEmpty = limitFields.every((field) => limit[field] === null);
  return { ...thresholds, limits: isEmpty ? others : [...others, limit] };
}
