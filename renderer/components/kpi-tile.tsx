import { ArrowDown, ArrowRight, ArrowUp } from 'lucide-react';
import type { Delta } from '../format/delta.ts';
import { Sparkline } from './sparkline.tsx';

export interface KpiTileProps {
  readonly label: string;
  readonly value: string;
  /** The exact value, shown on hover. */
  readonly exact?: string;
  /** Set before the value, for example "at least". */
  readonly qualifier?: string | null;
  readonly detail: string;
  readonly delta: Delta;
  readonly trend: readonly (number | null)[];
  /** The value could not be renewed: it stays, dimmed. */
  readonly outdated?: boolean;
}

/** Label, value, change in words, sparkline. Digits have equal widths, so nothing moves when they change. */
export function KpiTile(props: KpiTileProps) {
  const { label, value, exact, qualifier = null, detail, delta, trend, outdated = false } = props;
  return (
    <article className={outdated ? 'kpi dimmed' : 'kpi'} aria-label={label} data-kpi={label}>
      <h2>
        {label}
        {qualifier === null ? null : <span className="kpi-qualifier">{qualifier}</span>}
      </h2>
      <p className="kpi-value" title={exact} data-kpi-value>
        {value}
      </p>
      <p className="kpi-detail" title={exact}>
        {detail}
      </p>
      <p className={`kpi-delta ${delta.tone}`} title={delta.text}>
        <DeltaArrow delta={delta} />
        {delta.text}
      </p>
      {trend.length === 0 ? null : <Sparkline values={trend} />}
    </article>
  );
}

function DeltaArrow({ delta }: { delta: Delta }) {
  if (delta.arrow === 'none') return null;
  const Arrow = { up: ArrowUp, down: ArrowDown, flat: ArrowRight }[delta.arrow];
  return <Arrow size={12} strokeWidth={2.5} aria-hidden />;
}
