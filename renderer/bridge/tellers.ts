/** The push side of a bridge: listeners by name. */
import type { TellName, TellPayload } from '../../contract/ipc.ts';

type Listener<K extends TellName> = (payload: TellPayload<K>) => void;
type Listeners = { readonly [K in TellName]: Set<Listener<K>> };

export interface Tellers {
  tell<K extends TellName>(name: K, payload: TellPayload<K>): void;
  onTold<K extends TellName>(name: K, listener: Listener<K>): () => void;
}

export function createTellers(): Tellers {
  const listeners: Listeners = {
    gatewayStatus: new Set(),
    live: new Set(),
    uiSettings: new Set(),
    navigate: new Set(),
    snowflakeSteps: new Set(),
    exportProgress: new Set(),
    updateState: new Set(),
  };
  return {
    tell(name, payload) {
      for (const listener of listeners[name]) listener(payload);
    },
    onTold(name, listener) {
      listeners[name].add(listener);
      return () => listeners[name].delete(listener);
    },
  };
}
