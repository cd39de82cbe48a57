import type { GatewayState } from './gateway-process.ts';
import type { TrayView } from './tray-view.ts';

/** What end-to-end tests read inside main, because no screen shows it to them. */
export interface TestProbe {
  trayView(): TrayView;
  gateway(): Pick<GatewayState, 'phase' | 'attached'> & { readonly url: string | null; readonly pid: number | null };
}

declare global {
  var aismProbe: TestProbe | undefined;
}

/** Only for an unpackaged app that was started with AISM_TEST=1. Never holds the token. */
export function exposeToTests(
  probe: TestProbe,
  packaged: boolean,
  env: Readonly<Record<string, string | undefined>>,
): void {
  if (!packaged && env['AISM_TEST'] === '1') globalThis.aismProbe = probe;
}
