import type { BudgetState } from '../../../contract/thresholds.ts';
import { useNow } from '../../components/use-now.ts';
import { useZone } from '../../shell/services.tsx';
import { barPlaces, budgetFacts, forecastMethod, periodWords, scopeWords, type BudgetTone } from './budget-words.ts';
import { useShowCalls } from './use-alerts.ts';

/** One budget: spent of the amount, a bar with marks at 80 and 100 %, where the pace leads. The name opens its calls. */
export function BudgetMeter({ state }: { state: BudgetState }) {
  const showCalls = useShowCalls();
  const nowMs = useNow(60_000);
  const facts = budgetFacts(state, nowMs, useZone());
  const { budget } = state;
  const range = budget.period === 'day' ? 'today' : 'month';
  return (
    <li className="budget-meter" data-budget={budget.name} data-tone={facts.tone}>
      <div className="budget-line">
        <button
          type="button"
          className="link-button ellipsis"
          onClick={() => showCalls({ filter: budget.filter, range })}
        >
          {budget.name}
        </button>
        <span className="fine ellipsis">
          {periodWords[budget.period]}, {scopeWords(budget.filter)}
        </span>
        <span className="spacer" />
        <span className={`num budget-percent ${facts.tone}-text`}>{facts.percent}</span>
      </div>
      <BudgetBar label={budget.name} share={facts.share} tone={facts.tone} words={`${facts.spent}, ${facts.percent}`} />
      <div className="budget-line fine">
        <span className="num" title={facts.doubt ?? undefined}>
          {facts.spent}
        </span>
        <span className="spacer" />
        <span className={facts.forecast?.over === true ? 'num warn-text' : 'num'} title={forecastMethod}>
          {facts.forecast?.words ?? 'No forecast yet'}
        </span>
      </div>
    </li>
  );
}

interface BudgetBarProps {
  readonly label: string;
  readonly share: number | null;
  readonly tone: BudgetTone;
  readonly words: string;
}

function BudgetBar({ label, share, tone, words }: BudgetBarProps) {
  const { fill, marks } = barPlaces(share);
  return (
    <>
      <meter className="visually-hidden" min={0} max={100} value={fill * 100} aria-label={`${label}: ${words}`} />
      <svg className={`limit-bar ${tone}`} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
        <rect className="limit-ground" width="100" height="8" />
        <rect className="limit-fill" width={fill * 100} height="8" />
        {marks.map((mark) => (
          <rect key={mark} className="limit-mark" x={Math.min(99.4, mark * 100)} width="0.6" height="8" />
        ))}
      </svg>
    </>
  );
}
