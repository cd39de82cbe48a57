import { ChevronDown, ChevronRight, Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { PanelError, Skeleton } from '../../components/panel.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { formatCount, formatExact } from '../../format/numbers.ts';
import { providerLabel } from '../../format/outcome.ts';
import { formatDateTime } from '../../format/time.ts';
import { useActions, useZone } from '../../shell/services.tsx';
import { DoubtCalls } from './doubt-calls.tsx';
import { doubtKey, doubts, rowsOf, type Doubt, type DoubtCounts, type UnmeteredRow } from './doubtful.ts';
import type { OverviewAnswers } from './use-overview.ts';

export interface DoubtSheetProps {
  readonly query: OverviewAnswers['unmetered'];
  readonly reason: Doubt;
  readonly counts: DoubtCounts;
  readonly onReason: (reason: Doubt) => void;
  readonly onClose: () => void;
}

/** The calls of the period whose numbers are missing or doubtful, by cause, model and kind of call. */
export function DoubtSheet({ query, reason, counts, onReason, onClose }: DoubtSheetProps) {
  const options = doubts.map(({ reason: value, label }) => ({
    value,
    label: `${label} ${formatCount(counts[value])}`,
  }));
  const rows = rowsOf(query.data?.unmetered ?? [], reason);
  return (
    <Sheet title="Missing and doubtful numbers" side="wide" onClose={onClose}>
      <div className="doubt-sheet">
        <Segmented label="Cause" value={reason} options={options} onChange={onReason} />
        <p className="muted">{doubts.find((doubt) => doubt.reason === reason)?.hint}</p>
        {query.data === undefined && query.error === null ? <Skeleton /> : null}
        {query.data === undefined && query.error !== null ? (
          <PanelError error={query.error} where="Doubtful numbers" retry={() => void query.refetch()} />
        ) : null}
        {query.data !== undefined && rows.length === 0 ? <p>No such call in this period.</p> : null}
        <ul className="doubt-rows">
          {rows.map((row) => (
            <DoubtRow key={doubtKey(row)} row={row} />
          ))}
        </ul>
      </div>
    </Sheet>
  );
}

function DoubtRow({ row }: { row: UnmeteredRow }) {
  const [open, setOpen] = useState(false);
  const { addPrice } = useActions();
  const tz = useZone();
  const name = row.model ?? 'unknown model';
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <li>
      <div className="doubt-row">
        <span className="doubt-name">
          <strong className="ellipsis">{name}</strong>
          <span className="fine num">
            {providerLabel(row.provider)} · {row.surface} · last {formatDateTime(row.lastAt, tz)}
          </span>
        </span>
        <span className="num">
          {formatExact(row.calls)} {row.calls === 1 ? 'call' : 'calls'}
        </span>
        {row.reason === 'no_price' ? (
          <Button size="small" onPress={() => addPrice({ provider: row.provider, model: row.model })}>
            <Plus size={13} aria-hidden />
            Add a price
          </Button>
        ) : null}
        <Button
          size="small"
          aria-expanded={open}
          aria-label={`${open ? 'Hide' : 'Show'} calls of ${name}`}
          onPress={() => setOpen(!open)}
        >
          <Chevron size={13} aria-hidden />
          {open ? 'Hide calls' : 'Show calls'}
        </Button>
      </div>
      {open ? <DoubtCalls row={row} /> : null}
    </li>
  );
}
