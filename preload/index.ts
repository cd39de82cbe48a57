/**
 * The page's only way out: named asks and tells, never ipcRenderer itself. The prefixes are the allow-list, because main registers no other
 * channel with them and checks sender and shape of every ask.
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { Bridge, TellName, TellPayload } from '../contract/ipc.ts';

function onTold<K extends TellName>(name: K, listener: (payload: TellPayload<K>) => void): () => void {
  const channel = `tell:${name}`;
  const hear = (_event: IpcRendererEvent, payload: TellPayload<K>): void => listener(payload);
  ipcRenderer.on(channel, hear);
  return () => ipcRenderer.off(channel, hear);
}

const bridge: Bridge = {
  ask: (name, input) => ipcRenderer.invoke(`ask:${name}`, input),
  onTold,
};

contextBridge.exposeInMainWorld('bridge', bridge);
