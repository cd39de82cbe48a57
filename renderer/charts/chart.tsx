/** The one host of ECharts: draws an option into its box, follows the box's size, shares the crosshair of its group, disposes itself. */
import { connect, init, type ECharts, type EChartsCoreOption } from 'echarts/core';
import { useEffect, useRef } from 'react';
import { crosshairAt } from './crosshair.ts';
import { useDragRange, type DragRange } from './use-drag-range.ts';

export interface ChartProps {
  readonly option: EChartsCoreOption;
  /** What the chart shows, in words, for people who cannot see it. */
  readonly label: string;
  /** Charts of one group move their crosshairs together. */
  readonly group?: string;
  readonly onRange?: (range: DragRange) => void;
  readonly onReset?: () => void;
}

export function Chart({ option, label, group, onRange, onReset }: ChartProps) {
  const host = useRef<HTMLElement>(null);
  const chart = useRef<ECharts | null>(null);

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const made = init(element, null, { renderer: 'canvas' });
    chart.current = made;
    if (group !== undefined) {
      made.group = group;
      connect(group);
    }
    made.on('updateAxisPointer', (event: unknown) => markCrosshair(element, crosshairAt(event)));
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.current = null;
      made.dispose();
    };
  }, [group]);

  useEffect(() => {
    // Series that left must not stay, everything else is merged so that an open tooltip survives a refresh. Series are told apart by id:
    // without one each would be made anew at every refresh, with all its bars.
    chart.current?.setOption(option, { replaceMerge: ['series'] });
  }, [option]);

  useDragRange(host, chart, onRange ?? null, onReset ?? null);
  return <figure ref={host} className={onRange === undefined ? 'chart' : 'chart draggable'} aria-label={label} />;
}

/** A canvas tells nothing of itself: the instant under the crosshair is said in the document, for tests and for whoever debugs. */
function markCrosshair(element: HTMLElement, atMs: number | null): void {
  if (atMs === null) element.removeAttribute('data-crosshair');
  else element.dataset['crosshair'] = new Date(atMs).toISOString();
}
