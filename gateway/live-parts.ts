/** Everything that watches calls in memory, fed by one stream of events: the hub, counters, and the health of the upstreams. */
import { createCallCounters, type CallCounters } from './live/call-counters.ts';
import type { LiveHub } from './live/hub.ts';
import { startLiveHub } from './live/live-hub.ts';
import { createUpstreamTracker, type UpstreamTracker } from './live/upstream-health.ts';
import type { Log } from './log.ts';
import type { Shutdown } from './shutdown.ts';

export interface Live {
  readonly hub: LiveHub;
  readonly counters: CallCounters;
  readonly tracker: UpstreamTracker;
}

/** @returns a hub whose `callEnded` tells the counters too */
export function startLive(log: Log, shutdown: Shutdown): Live {
  const hub = startLiveHub({ onListenerError: (error) => log.error({ err: error }, 'LiveListenerFailed') });
  const counters = createCallCounters();
  const tracker = createUpstreamTracker();
  shutdown.add('live hub', () => hub.stop());
  const callEnded: LiveHub['callEnded'] = (record) => {
    hub.callEnded(record);
    counters.callEnded(record);
    tracker.callEnded(record);
  };
  return { hub: { ...hub, callEnded }, counters, tracker };
}
