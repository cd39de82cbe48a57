/** Errors of the page on their way to the log of the app: what React caught, what nothing caught, and rejections nobody handled. */
import type { PageError } from '../contract/app-settings.ts';
import type { Bridge } from '../contract/ipc.ts';

/** An error that comes with every frame must not fill the log; the first of each kind says what there is to say. */
const mostPerMinute = 20;
const minuteMs = 60_000;

export type ReportPageError = (error: unknown, source: PageError['source'], componentStack?: string | null) => void;

/** Listens from now on. The returned function reports what is caught elsewhere. */
export function startPageErrors(
  bridge: Pick<Bridge, 'ask'>,
  target: Pick<EventTarget, 'addEventListener'>,
  now: () => number = Date.now,
): ReportPageError {
  const mayReport = createLimit(now);
  const report: ReportPageError = (error, source, componentStack) => {
    const text = textOf(error);
    if (!mayReport(`${source} ${text.message}`)) return;
    const stack = componentStack ? `${text.stack}\nin${componentStack}` : text.stack;
    void bridge.ask('reportPageError', { source, message: text.message.slice(0, 1000), stack: stack.slice(0, 8000) });
  };
  target.addEventListener('error', (event) => report(errorOf(event), 'window'));
  target.addEventListener('unhandledrejection', (event) => report(reasonOf(event), 'promise'));
  return report;
}

/** The same error once a minute, and not more than twenty different ones. */
function createLimit(now: () => number): (what: string) => boolean {
  let startedAt = now();
  const seen = new Set<string>();
  return (what) => {
    if (now() - startedAt >= minuteMs) {
      startedAt = now();
      seen.clear();
    }
    if (seen.has(what) || seen.size >= mostPerMinute) return false;
    seen.add(what);
    return true;
  };
}

interface ErrorInfo {
  readonly componentStack?: string | null | undefined;
}

/** Handlers for React's root: what a boundary caught, and what took the whole page down. */
export function rootErrorHandlers(report: ReportPageError, showLastWords: (error: unknown) => void) {
  return {
    onCaughtError: (error: unknown, { componentStack }: ErrorInfo) => report(error, 'render', componentStack),
    onUncaughtError(error: unknown, { componentStack }: ErrorInfo): void {
      report(error, 'render', componentStack);
      showLastWords(error);
    },
  };
}

/** Nothing of React is left by then, so this is made of the document alone. */
export function showPlainFault(document: Document, error: unknown): void {
  const element = (tag: string, text: string): HTMLElement =>
    Object.assign(document.createElement(tag), { textContent: text });
  const reload = element('button', 'Reload window');
  reload.className = 'button plain';
  reload.addEventListener('click', () => document.location.reload());
  const page = document.createElement('section');
  page.className = 'empty-screen fault';
  page.setAttribute('role', 'alert');
  page.append(
    element('h2', 'The window ran into an error'),
    element('p', 'Your calls are still recorded: the gateway runs on its own. Reload the window.'),
    reload,
    element('pre', textOf(error).stack),
  );
  document.getElementById('root')?.replaceChildren(page);
}

function textOf(error: unknown): { readonly message: string; readonly stack: string } {
  if (error instanceof Error) return { message: error.message, stack: error.stack ?? error.message };
  return { message: String(error), stack: String(error) };
}

const errorOf = (event: Event): unknown =>
  'error' in event && event.error !== null ? event.error : 'message' in event ? event.message : event.type;

const reasonOf = (event: Event): unknown => ('reason' in event ? event.reason : event.type);
