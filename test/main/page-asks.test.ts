import { EventEmitter, once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createPageAsks } from '../../main/page-asks.ts';

/** An ask that lasts until it is told that nobody waits for it. */
const untilLeft = (left: AbortSignal): Promise<string> => once(left, 'abort').then(() => 'left');
const away = { isMainFrame: true, isSameDocument: false };

describe('an ask under way', () => {
  test.each([
    ['navigates', (page: EventEmitter) => page.emit('did-start-navigation', away)],
    ['crashes', (page: EventEmitter) => page.emit('render-process-gone')],
    ['closes', (page: EventEmitter) => page.emit('destroyed')],
  ])('is told when its page %s', async (_what, leave) => {
    const page = new EventEmitter();
    const asks = createPageAsks();
    const both = Promise.all([asks.run(page, untilLeft), asks.run(page, untilLeft)]);
    leave(page);
    expect(await both).toEqual(['left', 'left']);
  });

  test('goes on when the page only moves within itself, or another page leaves', async () => {
    const page = new EventEmitter();
    const other = new EventEmitter();
    const asks = createPageAsks();
    let seen: AbortSignal | null = null;
    const running = asks.run(page, async (left) => {
      seen = left;
      page.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
      page.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false });
      return left.aborted;
    });
    void asks.run(other, untilLeft);
    other.emit('destroyed');
    expect(await running).toBe(false);
    page.emit('destroyed');
    expect(seen).toMatchObject({ aborted: false }); // it had ended by then
  });

  test('passes its failure on', async () => {
    const failing = createPageAsks().run(new EventEmitter(), async () => Promise.reject(new Error('boom')));
    await expect(failing).rejects.toThrow('boom');
  });

  test('adds its listeners once a page, however many asks come', async () => {
    const page = new EventEmitter();
    const asks = createPageAsks();
    for (let count = 0; count < 50; count++) await asks.run(page, async () => count);
    expect(page.listenerCount('destroyed')).toBe(1);
  });
});
