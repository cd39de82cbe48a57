import { Menu } from 'electron';

/** The application menu: standard roles only, so every platform has its usual shortcuts for editing, zoom and windows. */
export function setApplicationMenu(packaged: boolean): void {
  const template: Electron.MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? ([{ role: 'appMenu' }] as const) : []),
    {
      label: 'File',
      submenu: [{ role: 'close' }, ...(process.platform === 'darwin' ? [] : ([{ role: 'quit' }] as const))],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'reload' },
        ...(packaged ? [] : ([{ role: 'toggleDevTools' }] as const)),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
