/** Dragging over a time chart chooses a stretch of time. The band is a plain element over the canvas, so a drag redraws nothing else. */
import { useEffect, useRef, type RefObject } from 'react';
import type { ECharts } from 'echarts/core';

export interface DragRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const shortestDragPx = 6;

interface Drag {
  readonly pointerId: number;
  readonly startX: number;
}

/** @param onRange null makes the chart not draggable. @param onReset is a double click. */
export function useDragRange(
  host: RefObject<HTMLElement | null>,
  chart: RefObject<ECharts | null>,
  onRange: ((range: DragRange) => void) | null,
  onReset: (() => void) | null,
): void {
  const handlers = useRef({ onRange, onReset });
  useEffect(() => {
    handlers.current = { onRange, onReset };
  });
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    return attachDrag(element, chart, {
      range: (range) => handlers.current.onRange?.(range),
      reset: () => handlers.current.onReset?.(),
      enabled: () => handlers.current.onRange !== null,
    });
  }, [host, chart]);
}

interface DragTarget {
  readonly range: (range: DragRange) => void;
  readonly reset: () => void;
  readonly enabled: () => boolean;
}

function attachDrag(element: HTMLElement, chart: RefObject<ECharts | null>, target: DragTarget): () => void {
  const band = document.createElement('div');
  band.className = 'chart-band';
  let drag: Drag | null = null;
  const xOf = (event: PointerEvent): number => event.clientX - element.getBoundingClientRect().left;

  const listeners = {
    pointerdown(event: PointerEvent) {
      const x = xOf(event);
      const y = event.clientY - element.getBoundingClientRect().top;
      if (event.button !== 0 || !target.enabled() || chart.current?.containPixel('grid', [x, y]) !== true) return;
      drag = { pointerId: event.pointerId, startX: x };
      element.setPointerCapture(event.pointerId);
    },
    pointermove(event: PointerEvent) {
      if (drag !== null && event.pointerId === drag.pointerId) drawBand(element, band, drag.startX, xOf(event));
    },
    pointerup(event: PointerEvent) {
      if (drag === null || event.pointerId !== drag.pointerId) return;
      const { startX } = drag;
      listeners.pointercancel();
      if (Math.abs(xOf(event) - startX) >= shortestDragPx) tell(chart.current, target, startX, xOf(event));
    },
    pointercancel() {
      drag = null;
      band.remove();
    },
    dblclick: () => target.reset(),
  };
  const controller = new AbortController();
  const { signal } = controller;
  element.addEventListener('pointerdown', listeners.pointerdown, { signal });
  element.addEventListener('pointermove', listeners.pointermove, { signal });
  element.addEventListener('pointerup', listeners.pointerup, { signal });
  element.addEventListener('pointercancel', listeners.pointercancel, { signal });
  element.addEventListener('dblclick', listeners.dblclick, { signal });
  return () => {
    controller.abort();
    band.remove();
  };
}

function drawBand(element: HTMLElement, band: HTMLElement, startX: number, x: number): void {
  if (!band.isConnected) element.append(band);
  band.style.left = `${Math.min(startX, x)}px`;
  band.style.width = `${Math.abs(x - startX)}px`;
}

function tell(chart: ECharts | null, target: DragTarget, startX: number, endX: number): void {
  const [a, b] = [startX, endX].map((x) => chart?.convertFromPixel({ xAxisIndex: 0 }, x));
  if (typeof a === 'number' && typeof b === 'number') target.range({ fromMs: Math.min(a, b), toMs: Math.max(a, b) });
}
