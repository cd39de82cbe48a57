import { sparklinePath } from '../charts/sparkline-path.ts';

const width = 200;
const height = 34;

/** A line without axes, for the shape of a development; decoration beside the value, so hidden from screen readers. */
export function Sparkline({ values }: { values: readonly (number | null)[] }) {
  const { line, area } = sparklinePath(values, width, height);
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden>
      <path className="sparkline-area" d={area} />
      <path className="sparkline-line" d={line} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
