import { CircleCheck } from 'lucide-react';
import type { Errors, Filter } from '../../../contract/analytics.ts';
import { ListExportButton } from '../../components/list-export-button.tsx';
import { Panel } from '../../components/panel.tsx';
import { OutcomeBadge } from '../../components/outcome-badge.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatAgo } from '../../format/duration.ts';
import { formatCount } from '../../format/numbers.ts';
import { isFailure } from '../../format/outcome.ts';
import { usePeriodQuery } from '../../shell/export-calls.ts';
import { useActions } from '../../shell/services.tsx';
import type { OverviewAnswers } from './use-overview.ts';

type ErrorRow = Errors['errors'][number];

/** A call the client cancelled is listed in Requests, but it is nobody's error. */
function isError({ outcome }: ErrorRow): boolean {
  return isFailure(outcome);
}

export function ErrorsPanel({ query }: { query: OverviewAnswers['errors'] }) {
  const periodQuery = usePeriodQuery();
  const nowMs = useNow(10_000);
  return (
    <Panel
      title="Recent errors"
      actions={<ListExportButton question="errors" what="the errors" query={periodQuery} />}
      className="errors-panel"
      query={query}
      isEmpty={({ errors }) => !errors.some(isError)}
      empty={
        <>
          <CircleCheck size={18} className="good-text" aria-hidden />
          No errors in this period
        </>
      }
    >
      {({ errors }) => (
        <ul className="errors">
          {errors.filter(isError).map((row) => (
            <ErrorItem key={`${row.lastCallId} ${row.outcome} ${row.endpoint}`} row={row} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** A click lists these calls in Requests, with the latest one open. */
function ErrorItem({ row, nowMs }: { row: ErrorRow; nowMs: number }) {
  const { showRequests, peek } = useActions();
  const show = (): void => {
    showRequests({ search: '', filter: errorFilter(row) });
    peek(row.lastCallId);
  };
  return (
    <li>
      <button type="button" onClick={show} title="Show these calls in Requests">
        <span className="error-line">
          <OutcomeBadge outcome={row.outcome} statusCode={row.statusCode} />
          <span className="num muted">{formatCount(row.calls)}×</span>
          <span className="spacer" />
          <time className="muted num" dateTime={row.lastAt}>
            {formatAgo(Math.max(0, nowMs - Date.parse(row.lastAt)))}
          </time>
        </span>
        <span className="error-line muted ellipsis">
          {row.model ?? row.endpoint}
          {row.errorCode === null ? '' : ` · ${row.errorCode}`}
        </span>
      </button>
    </li>
  );
}

/** Without a model the endpoint tells these calls from others. */
export function errorFilter({ outcome, upstream, endpoint, model }: ErrorRow): Filter {
  const where = model === null ? { endpoint: [endpoint] } : { model: [model] };
  return { outcome: [outcome], upstream: [upstream], ...where };
}
