import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { TailRow } from '../../live/tail.ts';
import { rowsAfter } from '../../live/visible-rows.ts';

/** A person who is this close to the end is still watching it. */
const nearEndPx = 24;

export interface Following {
  readonly following: boolean;
  readonly newRows: number;
  readonly onScroll: () => void;
  readonly follow: () => void;
}

interface Anchor {
  readonly callId: string | null; // the first row on screen
  readonly offsetPx: number;
}

/**
 * Keeps the end of the list in view until the person scrolls away; then keeps what they read in its place, although rows come and go above
 * it, and counts the new ones below.
 */
export function useFollowing(scroller: HTMLElement | null, rows: readonly TailRow[], rowPx: number): Following {
  const [following, setFollowing] = useState(true);
  const [lastSeenId, setLastSeenId] = useState<string | null>(null);
  const anchor = useRef<Anchor>({ callId: null, offsetPx: 0 });

  useLayoutEffect(() => {
    if (scroller === null) return;
    if (following) showEnd(scroller);
    else restore(scroller, rows, rowPx, anchor.current);
  }, [scroller, rows, rowPx, following]);

  const onScroll = useCallback(() => {
    if (scroller === null) return;
    const index = Math.floor(scroller.scrollTop / rowPx);
    const callId = rows[index]?.call.callId ?? null;
    anchor.current = { callId, offsetPx: scroller.scrollTop - index * rowPx };
    const atEnd = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < nearEndPx;
    if (!atEnd && following) setLastSeenId(rows.at(-1)?.call.callId ?? null);
    setFollowing(atEnd);
  }, [scroller, rows, rowPx, following]);

  const follow = useCallback(() => setFollowing(true), []);
  return { following, newRows: following ? 0 : rowsAfter(rows, lastSeenId), onScroll, follow };
}

function showEnd(element: HTMLElement): void {
  element.scrollTop = element.scrollHeight;
}

function restore(element: HTMLElement, rows: readonly TailRow[], rowPx: number, { callId, offsetPx }: Anchor): void {
  if (callId === null) return;
  const index = rows.findIndex((row) => row.call.callId === callId);
  const wanted = index * rowPx + offsetPx;
  if (index >= 0 && Math.abs(element.scrollTop - wanted) >= 1) element.scrollTop = wanted;
}
