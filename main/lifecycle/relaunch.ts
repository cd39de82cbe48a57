import { app } from 'electron';

/** Starts this program again when it has ended, with the same arguments or those given. An AppImage is started as the file it is, not from its mount. */
export function relaunch(args: readonly string[] = process.argv.slice(1)): void {
  const appImage = process.env['APPIMAGE'];
  app.relaunch({ args: [...args], ...(appImage === undefined ? {} : { execPath: appImage }) });
}
