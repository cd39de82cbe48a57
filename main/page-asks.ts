/** Asks that are under way, by the page that asked: when it leaves, nobody waits for the answers any more. */

/** What of a WebContents is needed here. */
export interface PageEvents {
  on(event: 'did-start-navigation', listener: (details: NavigationDetails) => void): unknown;
  on(event: 'render-process-gone' | 'destroyed', listener: () => void): unknown;
}

export interface NavigationDetails {
  readonly isMainFrame: boolean;
  readonly isSameDocument: boolean;
}

export interface PageAsks {
  /** Runs an ask with a signal of its own, which aborts when the page navigates, crashes or closes. */
  run<T>(page: PageEvents, ask: (left: AbortSignal) => Promise<T>): Promise<T>;
}

export function createPageAsks(): PageAsks {
  const running = new WeakMap<PageEvents, Set<AbortController>>();
  const asksOf = (page: PageEvents): Set<AbortController> => {
    const known = running.get(page);
    if (known !== undefined) return known;
    const asks = new Set<AbortController>();
    running.set(page, asks);
    abortWhenItLeaves(page, asks);
    return asks;
  };
  return {
    async run(page, ask) {
      const asks = asksOf(page);
      const controller = new AbortController();
      asks.add(controller);
      try {
        return await ask(controller.signal);
      } finally {
        asks.delete(controller);
      }
    },
  };
}

function abortWhenItLeaves(page: PageEvents, asks: Set<AbortController>): void {
  const abort = (): void => asks.forEach((each) => each.abort());
  page.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) abort();
  });
  page.on('render-process-gone', abort);
  page.on('destroyed', abort);
}
