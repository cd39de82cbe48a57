/** The histogram of the live screen as a table. Pure. Steps without calls are left out: there are up to 180 of them. */
import type { ChartTable } from '../components/chart-panel.tsx';
import { formatExact } from '../format/numbers.ts';
import { formatClock } from '../format/time.ts';
import type { VolumeBin } from './seconds.ts';

export function volumeTable(bins: readonly VolumeBin[], tz: string): ChartTable {
  const busy = bins.filter(({ succeeded, failed }) => succeeded + failed > 0).toReversed();
  return {
    caption:
      'Calls ended in the last 15 minutes, in steps of 5 seconds, newest first; steps without calls are left out',
    head: ['From', 'Succeeded', 'Failed'],
    rows: busy.map(({ atMs, succeeded, failed }) => [
      formatClock(atMs, tz),
      formatExact(succeeded),
      formatExact(failed),
    ]),
  };
}
