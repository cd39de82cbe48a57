import type { App, Session, WebContents } from 'electron';
import type { Log } from './log.ts';
import { isPageUrl } from './page-url.ts';

/** No page of this app leaves its origin, opens windows, embeds others, downloads or is granted anything, whatever it is made to try. */
export function lockDown(app: App, session: Session, log: Log): void {
  // Electron's default is to grant every permission.
  session.setPermissionRequestHandler((_contents, permission, decide) => {
    log.warn(`PagePermissionRefused ${permission}`);
    decide(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  app.on('web-contents-created', (_event, contents) => lockPage(contents, log));
}

function lockPage(contents: WebContents, log: Log): void {
  const refuse = (event: { readonly url: string; preventDefault(): void }): void => {
    if (isPageUrl(event.url)) return;
    event.preventDefault();
    log.warn('PageNavigationRefused');
  };
  contents.on('will-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => {
    log.warn('PageWindowRefused');
    return { action: 'deny' };
  });
}
