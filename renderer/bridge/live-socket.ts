/**
 * The WebSocket to the gateway, with reconnect. Invariants: at most one socket is open; a socket that is not ours any more says nothing;
 * silence longer than two heartbeats counts as lost (a laptop that slept keeps a dead socket "open").
 */
import { ServerFrame, topics, wsProtocol, type ClientFrame } from '../../contract/gateway-api.ts';
import { backOffMs } from './back-off.ts';

export type LiveState =
  | { readonly live: 'connecting' }
  | { readonly live: 'connected' }
  | { readonly live: 'lost'; readonly retryInMs: number };

export interface LiveSocketOptions {
  readonly url: string;
  readonly open: (url: string, protocols: string[]) => WebSocket;
  readonly onFrame: (frame: ServerFrame) => void;
  readonly onState: (state: LiveState) => void;
  readonly random?: () => number;
  readonly silenceMs?: number;
}

const defaultSilenceMs = 65_000;

/** Connects at once and keeps connecting until stopped. Frames that are not in the contract are left out, not fatal. */
export function startLiveSocket(options: LiveSocketOptions): { stop: () => void } {
  const { onFrame, onState, random = Math.random, silenceMs = defaultSilenceMs } = options;
  let attempt = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let release = connect();

  function connect(): () => void {
    onState({ live: 'connecting' });
    return openOnce(options, silenceMs, receive, lose);
  }

  function receive(data: unknown): void {
    const frame = parseFrame(data);
    if (frame === null) return;
    if (frame.type === 'hello') {
      attempt = 0;
      onState({ live: 'connected' });
    }
    onFrame(frame);
  }

  function lose(): void {
    release();
    const retryInMs = backOffMs(attempt, random());
    attempt += 1;
    onState({ live: 'lost', retryInMs });
    retryTimer = setTimeout(() => (release = connect()), retryInMs);
  }

  return {
    stop: () => {
      clearTimeout(retryTimer);
      release();
    },
  };
}

/** One socket until it closes, falls silent or is released; after its release it calls nobody. */
function openOnce(
  { url, open }: LiveSocketOptions,
  silenceMs: number,
  receive: (data: unknown) => void,
  lose: () => void,
): () => void {
  const socket = open(url, [wsProtocol]);
  let released = false;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const unlessReleased = (act: () => void) => () => released || act();
  const awaitNews = (): void => {
    clearTimeout(silence);
    silence = setTimeout(unlessReleased(lose), silenceMs);
  };
  socket.addEventListener(
    'open',
    unlessReleased(() => socket.send(subscription)),
  );
  socket.addEventListener('close', unlessReleased(lose));
  socket.addEventListener('message', ({ data }) => {
    if (released) return;
    awaitNews();
    receive(data);
  });
  awaitNews();
  return () => {
    released = true;
    clearTimeout(silence);
    socket.close();
  };
}

const subscription = JSON.stringify({ type: 'subscribe', topics: [...topics] } satisfies ClientFrame);

/** null for anything the contract does not know, so that a newer gateway can add frames. */
export function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  try {
    const parsed = ServerFrame.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // not JSON
  }
}
