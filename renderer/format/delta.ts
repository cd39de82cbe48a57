/** Change against the previous equal period, in words (UX "KPI tile"): an arrow alone is not readable by everyone. */

/** `volume` is neither good nor bad, `cost` is never praised for rising, `lower-better` covers latency and errors. */
export type DeltaMeaning = 'volume' | 'cost' | 'lower-better';
export type DeltaTone = 'neutral' | 'good' | 'bad' | 'warn';
export type DeltaArrow = 'up' | 'down' | 'flat' | 'none';

export interface Delta {
  readonly arrow: DeltaArrow;
  readonly text: string;
  readonly tone: DeltaTone;
}

export interface DeltaInput {
  readonly current: number | null;
  /** null = the value is unknown there; undefined = there is no earlier period with rows at all. */
  readonly previous: number | null | undefined;
  /** Words for the earlier period, for example `previous 24 h`. */
  readonly against: string;
  readonly meaning: DeltaMeaning;
}

const flat = 0.005;

/** Relative change: "up 12% vs previous 24 h". Without an earlier value it says so; there is never an infinite percentage. */
export function describeDelta({ current, previous, against, meaning }: DeltaInput): Delta {
  if (previous === undefined || previous === null) return { arrow: 'none', text: 'no earlier data', tone: 'neutral' };
  if (current === null) return { arrow: 'none', text: `nothing to compare with ${against}`, tone: 'neutral' };
  if (previous === 0) return current === 0 ? unchanged(against) : rise(`none in ${against}`, meaning);
  const change = (current - previous) / previous;
  if (Math.abs(change) < flat) return unchanged(against);
  return change > 0
    ? rise(`up ${formatChange(change)} vs ${against}`, meaning)
    : { arrow: 'down', text: `down ${formatChange(-change)} vs ${against}`, tone: fallTone(meaning) };
}

/** Change of a share in percentage points: "up 1.2 pts vs previous 24 h". */
export function describePoints({ current, previous, against, meaning }: DeltaInput): Delta {
  if (previous === undefined || previous === null) return { arrow: 'none', text: 'no earlier data', tone: 'neutral' };
  if (current === null) return { arrow: 'none', text: `nothing to compare with ${against}`, tone: 'neutral' };
  const points = (current - previous) * 100;
  if (Math.abs(points) < 0.05) return unchanged(against);
  const words = `${Math.abs(points).toFixed(1)} pts vs ${against}`;
  return points > 0 ? rise(`up ${words}`, meaning) : { arrow: 'down', text: `down ${words}`, tone: fallTone(meaning) };
}

function unchanged(against: string): Delta {
  return { arrow: 'flat', text: `unchanged vs ${against}`, tone: 'neutral' };
}

function rise(text: string, meaning: DeltaMeaning): Delta {
  const tones = { volume: 'neutral', cost: 'warn', 'lower-better': 'bad' } as const;
  return { arrow: 'up', text, tone: tones[meaning] };
}

function fallTone(meaning: DeltaMeaning): DeltaTone {
  return meaning === 'lower-better' ? 'good' : 'neutral';
}

/** Below ten times as a percentage, above as a factor, which reads better than 4,300%. */
function formatChange(change: number): string {
  if (change >= 9) return `${Math.round(change + 1)}×`;
  const percent = change * 100;
  return `${percent < 10 ? percent.toFixed(1).replace(/\.0$/, '') : Math.round(percent)}%`;
}
