/** The door to the world: the app's preload put `window.bridge` there; in a plain browser the gateway's REST and WebSocket stand in. */
import type { Bridge } from '../../contract/ipc.ts';
import { startBrowserBridge } from './browser-bridge.ts';

declare global {
  interface Window {
    readonly bridge?: Bridge;
  }
}

export function pickBridge(window: Window): Bridge {
  return (
    window.bridge ??
    startBrowserBridge({
      origin: window.location.origin,
      fetch: window.fetch.bind(window),
      openSocket: (url, protocols) => new WebSocket(url, protocols),
      storage: window.localStorage,
      copy: (text) => window.navigator.clipboard.writeText(text),
      download: (path) => startDownload(window.document, path),
      openPage: (hash) => void window.open(`${window.location.pathname}${hash}`),
      platform: window.navigator.platform,
    })
  );
}

/** A navigation download: the browser streams it to disk, whatever its size. */
function startDownload(document: Document, path: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = '';
  link.click();
}
