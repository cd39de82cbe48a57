import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { LimitRow, Limits } from '../../../contract/analytics.ts';
import type { RateLimit } from '../../../contract/thresholds.ts';
import { Button } from '../../components/button.tsx';
import { ListExportButton, type ListExportButtonProps } from '../../components/list-export-button.tsx';
import { Panel } from '../../components/panel.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatExact, formatShare } from '../../format/numbers.ts';
import { useActions, useZone } from '../../shell/services.tsx';
import { LimitSheet } from './limit-sheet.tsx';
import { limitOf, rateMeters, resetWords, type RateMeter } from './rate-meters.ts';

export interface RatesPanelProps {
  readonly query: UseQueryResult<Limits>;
  readonly exported: ListExportButtonProps['query'];
  readonly limits: readonly RateLimit[];
}

/** What was used of each provider limit, for every model and key that was called in the period. */
export function RatesPanel({ query, exported, limits }: RatesPanelProps) {
  const [edited, setEdited] = useState<LimitRow | null>(null);
  return (
    <Panel
      title="Rates against limits"
      note="the last minute, the busiest one of the period, and today"
      className="rates-panel"
      actions={<ListExportButton question="limits" what="the rates" query={exported} />}
      query={query}
      isEmpty={(answer) => answer.limits.length === 0}
      empty="No call in this period spent a quota"
    >
      {(answer) => (
        <>
          <Resets answer={answer} />
          <ul className="rate-rows">
            {answer.limits.map((row) => (
              <RateRow
                key={JSON.stringify([row.provider, row.model, row.key])}
                row={row}
                limit={limitOf(row, limits)}
                onEdit={() => setEdited(row)}
              />
            ))}
          </ul>
          {edited === null ? null : (
            <LimitSheet row={edited} limit={limitOf(edited, limits)} onClose={() => setEdited(null)} />
          )}
        </>
      )}
    </Panel>
  );
}

const providerNames = { google: 'Google', openai: 'OpenAI', anthropic: 'Anthropic', other: 'Other' } as const;

function Resets({ answer }: { answer: Limits }) {
  const nowMs = useNow(30_000);
  const tz = useZone();
  return (
    <ul className="quota-resets">
      {answer.resets.map((reset) => (
        <li key={reset.provider}>
          <strong>{providerNames[reset.provider]}</strong> {resetWords(reset, nowMs, tz)}
        </li>
      ))}
    </ul>
  );
}

interface RateRowProps {
  readonly row: LimitRow;
  readonly limit: RateLimit | null;
  readonly onEdit: () => void;
}

function RateRow({ row, limit, onEdit }: RateRowProps) {
  const { showRequests } = useActions();
  const name = row.model ?? 'No model';
  const filter = {
    ...(row.model === null ? {} : { model: [row.model] }),
    ...(row.key === null ? {} : { key: [row.key] }),
  };
  return (
    <li className="rate-row" data-model={name}>
      <div className="rate-name">
        <button type="button" className="link-button ellipsis" onClick={() => showRequests({ search: '', filter })}>
          {name}
        </button>
        <span className="fine ellipsis mono">{row.key === null ? 'no key' : `key ${row.key}`}</span>
        <Refused row={row} />
      </div>
      {rateMeters(row, limit).map((meter) => (
        <Meter key={meter.name} meter={meter} owner={name} />
      ))}
      <Button
        size="small"
        look="quiet"
        onPress={onEdit}
        aria-label={`${limit === null ? 'Set' : 'Change'} limits of ${name}`}
      >
        {limit === null ? 'Set limits' : 'Change'}
      </Button>
    </li>
  );
}

function Refused({ row: { rateLimitedCalls } }: { row: LimitRow }) {
  if (rateLimitedCalls === 0) return null;
  return <span className="warn-text fine">{formatExact(rateLimitedCalls)} refused with 429</span>;
}

function Meter({ meter, owner }: { meter: RateMeter; owner: string }) {
  const { name, share, words, peak, tone } = meter;
  const percent = share === null ? null : formatShare(share);
  return (
    <div className="rate-meter" data-tone={tone}>
      <span className="fine">{name}</span>
      <span className="num" title={words}>
        {words}
        {percent === null ? null : <span className={`${tone}-text`}> {percent}</span>}
      </span>
      <RateBar share={share} tone={tone} label={`${owner}, ${name}: ${words}`} />
      <span className="fine num">{peak === null ? '' : `busiest minute ${formatExact(peak)}`}</span>
    </div>
  );
}

interface RateBarProps {
  readonly share: number | null;
  readonly tone: RateMeter['tone'];
  readonly label: string;
}

/** Without a limit there is nothing to fill, and an empty track would read as 0 %: only its height is kept, so that rows align. */
function RateBar({ share, tone, label }: RateBarProps) {
  if (share === null) return <span className="limit-bar" aria-hidden />;
  const fill = Math.min(100, share * 100);
  return (
    <>
      <meter className="visually-hidden" min={0} max={100} value={fill} aria-label={label} />
      <svg className={`limit-bar ${tone}`} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
        <rect className="limit-ground" width="100" height="8" />
        <rect className="limit-fill" width={fill} height="8" />
      </svg>
    </>
  );
}
