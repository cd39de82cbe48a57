import { pageOrigin } from '../page-url.ts';

export interface PlainAction {
  readonly id: string;
  readonly label: string;
}

/** What such a window says. The first action is the one that most people want. */
export interface PlainText {
  readonly title: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** A path or an error as the system gave it. */
  readonly detail: string | null;
  readonly actions: readonly PlainAction[];
}

const prefix = `${pageOrigin}/action/`;

export const actionAddress = (id: string): string => `${prefix}${id}`;

/** The action behind a followed link, or null when it is another address. */
export const actionOf = (url: string): string | null => (url.startsWith(prefix) ? url.slice(prefix.length) : null);

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);

const style = `
  :root { color-scheme: light dark; --text: #1f2328; --muted: #57606a; --line: #d0d7de; --accent: #0b57d0; --on-accent: #ffffff; }
  @media (prefers-color-scheme: dark) { :root { --text: #e6e9ef; --muted: #a7b0bf; --line: #39414f; --accent: #8ab4f8; --on-accent: #12151b; } }
  body { margin: 0; padding: 28px 32px; font: 15px/1.5 system-ui, sans-serif; color: var(--text); }
  h1 { font-size: 20px; line-height: 1.3; margin: 0 0 12px; }
  p { margin: 0 0 12px; overflow-wrap: anywhere; }
  pre { margin: 0 0 16px; white-space: pre-wrap; overflow-wrap: anywhere; color: var(--muted); font: 13px/1.5 ui-monospace, monospace; }
  nav { display: flex; flex-wrap: wrap; gap: 8px; }
  a { padding: 6px 16px; border: 1px solid var(--line); border-radius: 6px; color: inherit; text-decoration: none; }
  a:first-child { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
  a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }`;

/** The page as an address of its own: nothing has to be found on the disk, and no script runs in it. */
export function plainPage(
  { title, heading, paragraphs, detail, actions }: PlainText,
  href: (id: string) => string,
): string {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title><style>${style}</style></head>
<body><main role="alert"><h1>${escaped(heading)}</h1>
${paragraphs.map((text) => `<p>${escaped(text)}</p>`).join('\n')}
${detail === null ? '' : `<pre>${escaped(detail)}</pre>`}</main>
<nav>${actions.map(({ id, label }) => `<a role="button" href="${escaped(href(id))}">${escaped(label)}</a>`).join('')}</nav></body></html>`;
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`;
}
