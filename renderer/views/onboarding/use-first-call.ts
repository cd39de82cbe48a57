import { useEffect, useState } from 'react';
import type { TailRow } from '../../live/tail.ts';
import { useLive, useServices } from '../../shell/services.tsx';
import { firstCall } from './first-call.ts';

/** The first call that came since this was first drawn, in whatever state it is now. */
export function useFirstCall(): TailRow | null {
  const { live } = useServices();
  // Remembered by name instead of by time: the clock of a browser need not be that of the gateway.
  const [known] = useState(() => new Set(live.getState().rows.map(({ call }) => call.callId)));
  return useLive(({ rows }) => firstCall(rows, known));
}

/** Whether a time has passed since this was drawn and `waiting` began. */
export function useLate(waiting: boolean, afterMs: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setTimeout(() => setLate(true), afterMs);
    return () => clearTimeout(timer);
  }, [waiting, afterMs]);
  return waiting && late;
}
