import { useShell } from '../shell/services.tsx';
import type { ChartTheme } from './chart-theme.ts';

/** The style tokens in force, as the charts need them. */
export function useChartTheme(): ChartTheme {
  return useShell((state) => state.chartTheme);
}
