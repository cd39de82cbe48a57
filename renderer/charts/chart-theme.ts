/** The style tokens as the charts need them: canvas cannot read CSS variables. */

export interface ChartTheme {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly axis: string;
  readonly surface: string;
  readonly accent: string;
  readonly good: string;
  readonly bad: string;
  readonly selection: string;
  readonly font: string;
  /** Seven distinguishable colours in palette order; {@link rest} is for "other". */
  readonly series: readonly string[];
  readonly rest: string;
}

const seriesCount = 7;

/** @param read gives the value of a CSS custom property, for example from `getComputedStyle(root)`. */
export function chartTheme(read: (token: string) => string): ChartTheme {
  return {
    text: read('--text'),
    muted: read('--text-muted'),
    grid: read('--chart-grid'),
    axis: read('--chart-axis'),
    surface: read('--surface'),
    accent: read('--accent'),
    good: read('--chart-good'),
    bad: read('--chart-bad'),
    selection: read('--chart-selection'),
    font: read('--font-sans'),
    series: Array.from({ length: seriesCount }, (_, index) => read(`--series-${index + 1}`)),
    rest: read('--series-rest'),
  };
}

/** Reads the tokens of the document as they are now. */
export function documentChartTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  return chartTheme((token) => style.getPropertyValue(token).trim());
}
