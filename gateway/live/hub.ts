/** The live hub: what is happening now, in memory, bounded. Fed by the meter, read by REST `realtime`, the WebSocket door and Prometheus. */
import type { InFlightCall, Realtime, ServerFrame } from '../../contract/gateway-api.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';
import type { DayGap, DayTotals } from './today.ts';

export interface LiveHub {
  callStarted(call: InFlightCall): void;
  /** First token seen, or other news of a running call. */
  callProgressed(call: InFlightCall): void;
  callEnded(record: UsageRecord): void;
  realtime(): Realtime;
  snapshot(): Extract<ServerFrame, { type: 'snapshot' }>;
  inFlight(): number;
  /** Start of the oldest call in flight, epoch ms; null when none runs. */
  oldestStartedMs(): number | null;
  /** The part of today that the totals of today lack; null when they have all of it. */
  gapOfToday(): DayGap | null;
  /** What happened in the gap; `sample` is the part of it that sample traffic made. */
  seedToday(gap: DayGap, all: DayTotals, sample?: DayTotals): void;
  /** Rows of ended calls that could not be kept; negative: they were, after all. */
  notRecorded(rows: number): void;
  /** Sample rows were removed: forgets them and tells listeners with a new snapshot. */
  forgetSample(): void;
  /** Frames for broadcast: ticks once a second, calls and inflight batched ≤ 4 a second, a snapshot when the past has changed. */
  onFrame(listener: (frame: ServerFrame) => void): () => void;
  stop(): void;
}
