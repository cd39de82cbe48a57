import { app, screen } from 'electron';
import { hostname, release, userInfo } from 'node:os';
import type { Private } from './redact.ts';

/** Versions, system, session and displays of this computer. */
export function machineFacts(): Readonly<Record<string, unknown>> {
  const { env, versions } = process;
  return {
    app: app.getVersion(),
    packaged: app.isPackaged,
    electron: versions.electron,
    chromium: versions['chrome'],
    node: versions.node,
    system: `${process.platform} ${process.arch} ${release()}`,
    locale: app.getLocale(),
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    desktop: `${env['XDG_SESSION_TYPE'] ?? '?'}, ${env['XDG_CURRENT_DESKTOP'] ?? '?'}`,
    displays: screen.getAllDisplays().map(({ size, scaleFactor }) => `${size.width}×${size.height} at ${scaleFactor}`),
    gpu: app.getGPUFeatureStatus().gpu_compositing,
  };
}

export const privateParts = (token: string | null): Private => ({
  home: app.getPath('home'),
  names: [userInfo().username, hostname()],
  tokens: token === null ? [] : [token],
});
