/** What end-to-end tests need of main. All of it is off unless an unpackaged app was started with AISM_TEST=1. */
import type { GatewayState } from './gateway-process.ts';
import type { TrayAction, TrayView } from './tray-view.ts';

/** What tests reach inside main, because no screen gives it to them. */
export interface TestProbe {
  trayView(): TrayView;
  /** As if that row of the tray's menu was chosen. */
  trayAct(action: TrayAction): void;
  /** What was told as notices of the desktop, newest last. */
  notices(): readonly { readonly title: string; readonly body: string }[];
  /** As if that notice was clicked. */
  clickNotice(index: number): void;
  /** Never holds the token. */
  gateway(): Pick<GatewayState, 'phase' | 'attached'> & { readonly url: string | null; readonly pid: number | null };
}

declare global {
  var aismProbe: TestProbe | undefined;
  /** Playwright calls it when it is attached to main and to the browser; its own loader uses the same name. */
  var __playwright_run: (() => void) | undefined;
}

export type TestEnvironment = Readonly<Record<string, string | undefined>>;

export const isUnderTest = (packaged: boolean, env: TestEnvironment): boolean => !packaged && env['AISM_TEST'] === '1';

export function exposeToTests(probe: TestProbe): void {
  globalThis.aismProbe = probe;
}

/**
 * Resolves when the driver has attached. A window that opens in the middle of that makes its attaching hang now and then (seen in 1 of 25
 * launches on a busy machine), which is why Playwright holds back the start of apps that it loads itself.
 */
export function driverAttached(timeoutMs = 10_000): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    globalThis.__playwright_run = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
