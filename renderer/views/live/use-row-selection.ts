/** What the lists of calls share: rows made only where they are seen, and a selection that keys move and the scrolling follows. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { TailRow } from '../../live/tail.ts';
import { neighbour } from '../../live/visible-rows.ts';
import { useActions } from '../../shell/services.tsx';
import { rowElement } from '../../shell/row-shortcuts.ts';

export const rowHeights = { comfortable: 36, compact: 28 } as const;
const overscanRows = 6; // under load every row on screen is a new one four times a second

/** Rows are of one height, so places are kept by index: with keys of their own, ten thousand places were made anew at every change. */
export function useRowVirtualizer(rows: readonly TailRow[], rowPx: number, scroller: HTMLDivElement) {
  // oxlint-disable-next-line react/incompatible-library -- concerns the React compiler, which this build does not use
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    initialOffset: () => scroller.scrollTop,
    estimateSize: () => rowPx,
    overscan: overscanRows,
  });
  useEffect(() => virtual.measure(), [virtual, rowPx]);
  return virtual;
}

/** Moving the selection by keyboard scrolls it into view and takes the focus along, unless the focus is somewhere else on purpose. */
export function useSelectionInView(
  rows: readonly TailRow[],
  selectedId: string | null,
  show: (index: number) => void,
): void {
  const latest = useRef({ rows, show });
  useEffect(() => {
    latest.current = { rows, show };
  });
  useEffect(() => {
    if (selectedId === null) return undefined;
    const index = latest.current.rows.findLastIndex((row) => row.call.callId === selectedId);
    if (index >= 0) latest.current.show(index);
    const frame = requestAnimationFrame(() => {
      const active = document.activeElement;
      if (active === document.body || active?.closest('.tail') !== null)
        rowElement(selectedId)?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [selectedId]);
}

/** Arrow keys do in the list what J and K do everywhere on the screen. */
export function useArrowKeys(rows: readonly TailRow[], selectedId: string | null): (event: KeyboardEvent) => void {
  const { selectCall } = useActions();
  return (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 } as const;
    const by = event.key === 'ArrowDown' || event.key === 'ArrowUp' ? step[event.key] : null;
    const row = by === null ? null : neighbour(rows, selectedId, by);
    if (row === null) return;
    event.preventDefault();
    selectCall(row.call.callId);
  };
}
