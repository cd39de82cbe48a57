import type { Bridge } from '../../contract/ipc.ts';

declare global {
  /** What the preload script gives the page. */
  var bridge: Bridge;
}
