/** A chart as a picture, for paper: drawn at once and off screen, so it is whole also in a window that nobody sees. */
import { init, type EChartsCoreOption } from 'echarts/core';

export interface StillSize {
  readonly width: number; // CSS pixels
  readonly height: number;
}

/** Three dots a CSS pixel are about 300 an inch. */
const pixelRatio = 3;

/** @returns a data address of a PNG */
export function stillChart(option: EChartsCoreOption, { width, height }: StillSize): string {
  const chart = init(document.createElement('div'), null, {
    renderer: 'canvas',
    devicePixelRatio: pixelRatio,
    width,
    height,
  });
  try {
    chart.setOption(option);
    return chart.getDataURL({ type: 'png', pixelRatio, backgroundColor: '#fff' });
  } finally {
    chart.dispose();
  }
}
