import type { DragRange } from '../../charts/use-drag-range.ts';
import { customPeriod } from '../../range/range-state.ts';
import { useActions } from '../../shell/services.tsx';

/** Dragging on a chart chooses the period for the whole screen; a double click widens it again. */
export function useZoom(): { onRange: (range: DragRange) => void; onReset: () => void } {
  const { choosePeriod, zoomOut, notify } = useActions();
  return {
    onRange: ({ fromMs, toMs }) => {
      const period = customPeriod(fromMs, toMs);
      if (period === null) notify('bad', 'Choose at least one minute');
      else choosePeriod(period);
    },
    onReset: zoomOut,
  };
}
