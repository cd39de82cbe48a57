import type { WindowPlace } from './settings.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Smallest window in which every screen works (UX). A display with less room lets the window be as small as itself. */
export const smallestWindow = { width: 1024, height: 700 } as const;
const firstWindow = { width: 1360, height: 860 } as const;

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/**
 * Where the window opens: where it was, moved and shrunk so that all of it lies on one display; centred on the first display when it was
 * never open, or its display is gone.
 * @param areas work areas of the displays, the primary one first; never empty.
 */
export function placeWindow(saved: WindowPlace | null, areas: readonly [Rectangle, ...Rectangle[]]): Rectangle {
  const [primary] = areas;
  if (saved === null) return centred(firstWindow, primary);
  const home = areas.reduce((best, area) => (overlap(saved, area) > overlap(saved, best) ? area : best), primary);
  if (overlap(saved, home) === 0) return centred(saved, primary);
  const width = Math.min(saved.width, home.width);
  const height = Math.min(saved.height, home.height);
  const x = clamp(saved.x, home.x, home.x + home.width - width);
  const y = clamp(saved.y, home.y, home.y + home.height - height);
  return { x, y, width, height };
}

function centred(size: { readonly width: number; readonly height: number }, area: Rectangle): Rectangle {
  const width = Math.min(size.width, area.width);
  const height = Math.min(size.height, area.height);
  const x = area.x + Math.floor((area.width - width) / 2);
  const y = area.y + Math.floor((area.height - height) / 2);
  return { x, y, width, height };
}

/** The least size the window may be dragged to on that display. */
export function minimumSize(area: Rectangle): { readonly minWidth: number; readonly minHeight: number } {
  return {
    minWidth: Math.min(smallestWindow.width, area.width),
    minHeight: Math.min(smallestWindow.height, area.height),
  };
}
