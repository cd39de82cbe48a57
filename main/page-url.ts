/** The page's own origin as Chromium spells it; compared whole, never by prefix (`app://ui.evil` starts the same). */
export const pageOrigin = 'app://ui';
export const pageScheme = 'app';
export const pageHost = 'ui';
export const pageUrl = `${pageOrigin}/`;

/** True for addresses inside our bundle. Node gives URLs of own schemes the origin 'null', so the parts are compared. */
export function isPageUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${pageScheme}:` && host === pageHost && username === '' && password === '';
}
