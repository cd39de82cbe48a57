import { RecordingState, type ServerFrame } from '../contract/gateway-api.ts';
import type { GatewayStatus } from '../contract/ipc.ts';
import { LiveClient, type LiveClientTimes } from './gateway-client.ts';
import type { GatewayEndpoint, GatewaySupervisor } from './gateway-process.ts';
import { createGatewayRest, type GatewayRest, type RestTarget } from './gateway-rest.ts';
import { gatewayStatus } from './gateway-status.ts';
import { emptyMemory, remember, type Snapshot, type Today } from './live-state.ts';
import type { Log } from './log.ts';

type Unsubscribe = () => void;

/** The gateway as the rest of main sees it: one status, one stream of frames, one REST door, whatever restarts behind them. */
export interface GatewayLink {
  readonly rest: GatewayRest;
  status(): GatewayStatus;
  snapshot(): Snapshot | null;
  today(): Today | null;
  /** Whether calls are recorded; null until the running gateway has told. */
  recording(): RecordingState | null;
  /** Pauses recording or goes on, and tells everyone at once instead of with the gateway's next health frame. */
  setRecording(paused: boolean): Promise<RecordingState>;
  onStatus(listener: (status: GatewayStatus) => void): Unsubscribe;
  onFrame(listener: (frame: ServerFrame) => void): Unsubscribe;
  stop(): void;
}

export interface GatewayLinkOptions {
  readonly supervisor: GatewaySupervisor;
  readonly log: Log;
  readonly times?: LiveClientTimes;
}

export function linkGateway({ supervisor, log, times }: GatewayLinkOptions): GatewayLink {
  const statusListeners = createListeners<GatewayStatus>();
  const frameListeners = createListeners<ServerFrame>();
  let memory = emptyMemory;
  const status = (): GatewayStatus => gatewayStatus(supervisor.state(), memory.health, client.state());
  const publish = onlyNews(status, statusListeners.tell);
  const onFrame = (frame: ServerFrame): void => {
    memory = remember(memory, frame);
    if (frame.type === 'health') publish();
    frameListeners.tell(frame);
  };
  const client = new LiveClient({ log, onFrame, onState: publish, ...(times === undefined ? {} : { times }) });
  const unfollow = supervisor.onChange(({ endpoint }) => {
    if (endpoint === null) memory = { ...memory, health: null }; // what the last process said of itself
    client.follow(toolsTarget(endpoint));
    publish();
  });
  const rest = createGatewayRest(() => toolsTarget(supervisor.state().endpoint));
  return {
    rest,
    status,
    snapshot: () => memory.snapshot,
    today: () => memory.snapshot?.realtime.today ?? null,
    recording: () => memory.health?.recording ?? null,
    async setRecording(paused) {
      const recording = await askRecording(rest, paused);
      if (memory.health !== null) onFrame({ type: 'health', health: { ...memory.health, recording } });
      return recording;
    },
    onStatus: statusListeners.add,
    onFrame: frameListeners.add,
    stop() {
      unfollow();
      client.stop();
    },
  };
}

const toolsTarget = (endpoint: GatewayEndpoint | null): RestTarget | null =>
  endpoint === null ? null : { url: endpoint.toolsUrl, token: endpoint.token };

/** Tells a value when it differs from the one told last. */
function onlyNews<T>(read: () => T, tell: (value: T) => void): () => void {
  let told = '';
  return () => {
    const next = read();
    const key = JSON.stringify(next);
    if (key === told) return;
    told = key;
    tell(next);
  };
}

const askRecording = (rest: GatewayRest, paused: boolean): Promise<RecordingState> =>
  rest.ask('/api/recording', RecordingState, { method: 'PUT', body: { paused } });

interface Listeners<T> {
  add(listener: (value: T) => void): Unsubscribe;
  tell(value: T): void;
}

function createListeners<T>(): Listeners<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: (value) => listeners.forEach((listener) => listener(value)),
  };
}
