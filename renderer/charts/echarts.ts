/** The parts of ECharts the product draws with, registered once by the composition root. */
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, TooltipComponent } from 'echarts/components';
import { use as register } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';

export function registerCharts(): void {
  register([BarChart, LineChart, GridComponent, TooltipComponent, MarkAreaComponent, LabelLayout, CanvasRenderer]);
}
