/** The sentence about numbers that are missing or doubtful (DESIGN P6). Pure. */
import type { AnswerOf } from '../../query/use-question.ts';
import { formatExact } from '../../format/numbers.ts';

type UnmeteredRow = AnswerOf<'unmetered'>['unmetered'][number];

export interface UnmeteredNote {
  readonly text: string;
  readonly models: readonly string[];
}

const phrases = {
  no_price: 'have no known price',
  no_usage: 'reported no usage',
  mismatch: 'report token parts that do not add up',
} as const satisfies Record<UnmeteredRow['reason'], string>;

/** null when every number is sound. Models are named biggest first, each once. */
export function unmeteredNote(rows: readonly UnmeteredRow[]): UnmeteredNote | null {
  const reasons = (['no_price', 'no_usage', 'mismatch'] as const).map((reason) => ({
    reason,
    calls: rows.filter((row) => row.reason === reason).reduce((sum, row) => sum + row.calls, 0),
  }));
  const parts = reasons.filter(({ calls }) => calls > 0).map(({ reason, calls }) => part(reason, calls));
  if (parts.length === 0) return null;
  const bySize = rows.toSorted((a, b) => b.calls - a.calls);
  return { text: parts.join(' · '), models: [...new Set(bySize.flatMap((row) => row.model ?? []))] };
}

function part(reason: UnmeteredRow['reason'], calls: number): string {
  if (calls > 1) return `${formatExact(calls)} calls ${phrases[reason]}`;
  return `1 call ${phrases[reason].replace(/^have/, 'has').replace(/^report /, 'reports ')}`;
}
