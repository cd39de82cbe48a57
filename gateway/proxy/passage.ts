/** What one forwarded call is made of, and what all of them share. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Upstream } from '../config.ts';
import type { Drains } from './drain.ts';
import type { ExchangeObserver } from './exchange.ts';
import type { Destination } from './routing.ts';
import type { RunningCalls, Slotted } from './running-calls.ts';
import type { OutgoingRequest, UpstreamClient, UpstreamFailure } from './upstream/upstream-client.ts';
import type { UsageQuestion } from './usage-question.ts';

export interface RunningCall extends Slotted {
  /** Ends the call because the gateway stops. */
  terminate(): void;
}

/** What the forwarded calls of one proxy share. */
export interface Traffic {
  readonly holdMs: number;
  /** A tunnel whose one side takes nothing for this long is closed. */
  readonly idleTimeoutMs: number;
  readonly running: RunningCalls<RunningCall>;
  readonly drains: Drains;
  /** The last byte left before the row was durable. */
  countLate(): void;
  noteFailure(failure: UpstreamFailure, callId: string, upstream: Upstream): void;
}

export interface Passage {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly receivedMs: number; // performance.now() at the request's head
  readonly callId: string;
  readonly destination: Destination;
  readonly observer: ExchangeObserver;
  readonly expectsContinue: boolean;
  readonly client: UpstreamClient;
  readonly request: OutgoingRequest;
  /** Of a call that may have to be asked for its usage. */
  readonly question: UsageQuestion | null;
}
