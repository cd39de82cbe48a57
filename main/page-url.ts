import type { TellPayload } from '../contract/ipc.ts';

/** The page's own origin as Chromium spells it; compared whole, never by prefix (`app://ui.evil` starts the same). */
export const pageOrigin = 'app://ui';
export const pageScheme = 'app';
export const pageHost = 'ui';
const pageUrl = `${pageOrigin}/`;

/** The page's address, opening at a place when one is named: screen and section by name, calls and period as the page reads them. */
export function pageAddress(at?: TellPayload<'navigate'>): string {
  if (at === undefined) return pageUrl;
  const { screen, section, ...view } = at;
  const query = Object.keys(view).length === 0 ? '' : `?view=${encodeURIComponent(JSON.stringify(view))}`;
  return `${pageUrl}#/${screen}${section === undefined ? '' : `/${section}`}${query}`;
}

/** True for addresses inside our bundle. Node gives URLs of own schemes the origin 'null', so the parts are compared. */
export function isPageUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${pageScheme}:` && host === pageHost && username === '' && password === '';
}
