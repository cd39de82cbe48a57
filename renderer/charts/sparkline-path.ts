/** The line of a sparkline as SVG path data. Pure; unknown values are gaps, never zeros. */

export interface SparklinePath {
  readonly line: string;
  readonly area: string;
}

/** @param values oldest first. Width and height in px; the line keeps `inset` px of air so that its stroke is not cut. */
export function sparklinePath(
  values: readonly (number | null)[],
  width: number,
  height: number,
  inset = 1.5,
): SparklinePath {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { line: '', area: '' };
  const top = Math.max(...known, 0) || 1;
  const step = values.length < 2 ? 0 : width / (values.length - 1);
  const place = (value: number, index: number): Point => ({
    x: round(values.length < 2 ? width / 2 : index * step),
    y: round(height - inset - (value / top) * (height - 2 * inset)),
  });
  const runs = runsOf(values.map((value, index) => (value === null ? null : place(value, index))));
  return {
    line: runs.map(lineOf).join(''),
    area: runs.map((run) => areaOf(run, height)).join(''),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function runsOf(points: readonly (Point | null)[]): readonly (readonly Point[])[] {
  const runs: Point[][] = [];
  let run: Point[] | null = null;
  for (const point of points) {
    if (point === null) run = null;
    else if (run === null) runs.push((run = [point]));
    else run.push(point);
  }
  return runs;
}

/** A lone point becomes a short stroke, which a round line cap draws as a dot. */
function lineOf(run: readonly Point[]): string {
  const [first, ...rest] = run;
  if (first === undefined) return '';
  const end = rest.length === 0 ? `h0.01` : rest.map(({ x, y }) => `L${x} ${y}`).join('');
  return `M${first.x} ${first.y}${end}`;
}

function areaOf(run: readonly Point[], height: number): string {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined || run.length < 2) return '';
  return `${lineOf(run)}L${last.x} ${height}L${first.x} ${height}Z`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
