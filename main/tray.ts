import { Menu, nativeImage, type NativeImage, Tray } from 'electron';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrayAction, TrayIcon, TrayRow, TrayView } from './tray-view.ts';

export interface StatusTray {
  show(view: TrayView): void;
  stop(): void;
}

/** Puts the health light into the system tray. The menu is rebuilt only when its text changes: some desktops close an open one on change. */
export function createTray(images: TrayImages, first: TrayView, act: (action: TrayAction) => void): StatusTray {
  const tray = new Tray(images[first.icon]);
  tray.on('click', () => act('open'));
  let shown = '';
  const show = (view: TrayView): void => {
    const key = JSON.stringify(view);
    if (key === shown) return;
    shown = key;
    tray.setImage(images[view.icon]);
    tray.setToolTip(view.tooltip);
    tray.setContextMenu(Menu.buildFromTemplate(view.rows.map((row) => menuItem(row, act))));
  };
  show(first);
  return { show, stop: () => tray.destroy() };
}

function menuItem(row: TrayRow, act: (action: TrayAction) => void): Electron.MenuItemConstructorOptions {
  if (row.kind === 'separator') return { type: 'separator' };
  if (row.kind === 'text') return { label: row.label, enabled: false };
  return { label: row.label, enabled: row.enabled, click: () => act(row.action) };
}

export type TrayImages = Readonly<Record<TrayIcon, NativeImage>>;

/** @throws Error when an image is missing or cannot be read */
export function loadTrayImages(iconsDir: string): TrayImages {
  const load = process.platform === 'darwin' ? loadTemplate : loadColoured;
  return {
    running: load(iconsDir, 'running'),
    degraded: load(iconsDir, 'degraded'),
    stopped: load(iconsDir, 'stopped'),
    paused: load(iconsDir, 'paused'),
  };
}

/** Windows draws 16 points, Linux panels 22; each gets a sharp image for twice the density too. */
function loadColoured(iconsDir: string, icon: TrayIcon): NativeImage {
  return compose(iconsDir, icon, process.platform === 'win32' ? [16, 32] : [22, 44]);
}

/** macOS colours a template itself to suit the menu bar. */
function loadTemplate(iconsDir: string, icon: TrayIcon): NativeImage {
  const image = compose(iconsDir, `${icon}-template`, [16, 32]);
  image.setTemplateImage(true);
  return image;
}

function compose(iconsDir: string, name: string, [single, double]: readonly [number, number]): NativeImage {
  const image = nativeImage.createEmpty();
  for (const [scaleFactor, size] of [
    [1, single],
    [2, double],
  ] as const) {
    image.addRepresentation({ scaleFactor, buffer: readFileSync(join(iconsDir, 'tray', `${name}-${size}.png`)) });
  }
  return image;
}
