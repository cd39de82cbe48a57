import { describe, expect, test } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import { asks } from '../../contract/ipc.ts';
import { createAnswer, type MainHandlers, type Sender } from '../../main/answer.ts';
import { isPageUrl, pageOrigin } from '../../main/page-url.ts';

const ourPage: Sender = { origin: pageOrigin, isTopFrame: true, isOurWindow: true, left: new AbortController().signal };

/** Handlers that note what they were given; a test names the one it wants to work. */
function noting(works: Partial<MainHandlers>, calls: unknown[]): MainHandlers {
  const refuse = async (): Promise<never> => {
    throw new AppError('not_found', 'not in this test');
  };
  const all = Object.fromEntries(Object.keys(asks).map((name) => [name, refuse]));
  const noted = Object.entries(works).map(([name, handle]) => [
    name,
    (input: never, left: never) => {
      calls.push(input);
      return handle(input, left);
    },
  ]);
  return { ...all, ...Object.fromEntries(noted) } as MainHandlers;
}

const copying = (calls: unknown[]) => createAnswer(noting({ copyText: async () => undefined }, calls));

describe('an ask', () => {
  test('of our page with the right shape reaches its handler', async () => {
    const calls: unknown[] = [];
    expect(await copying(calls)('copyText', ourPage, 'hello')).toEqual({ ok: true, value: undefined });
    expect(calls).toEqual(['hello']);
  });

  test('takes along the signal that says its page is gone', async () => {
    const page = new AbortController();
    const handled: AbortSignal[] = [];
    const noteSignal = async (_input: unknown, left: AbortSignal): Promise<never> => {
      handled.push(left);
      throw new AppError('cancelled', 'left');
    };
    await createAnswer(noting({ health: noteSignal }, []))('health', { ...ourPage, left: page.signal }, undefined);
    expect(handled).toEqual([page.signal]);
  });

  test.each([
    ['no frame (the page is gone)', null],
    ['a web site', { ...ourPage, origin: 'https://app.ui' }],
    ['a longer origin that starts like ours', { ...ourPage, origin: 'app://ui.evil' }],
    ['an opaque origin', { ...ourPage, origin: 'null' }],
    ['a frame inside our page', { ...ourPage, isTopFrame: false }],
    ['another window', { ...ourPage, isOurWindow: false }],
  ])('from %s is refused before its handler runs', async (_who, sender) => {
    const calls: unknown[] = [];
    expect(await copying(calls)('copyText', sender, 'hello')).toMatchObject({ ok: false, code: 'forbidden_origin' });
    expect(calls).toEqual([]);
  });

  test('of another shape is refused and the field is named', async () => {
    const calls: unknown[] = [];
    const answer = createAnswer(noting({ restartGateway: async () => undefined }, calls));
    expect(await answer('restartGateway', ourPage, { port: 0 })).toMatchObject({
      ok: false,
      code: 'bad_request',
      field: 'port',
    });
    expect(await answer('restartGateway', ourPage, 'now')).toMatchObject({ ok: false, code: 'bad_request' });
    expect(await copying(calls)('copyText', ourPage, 'x'.repeat(100_001))).toMatchObject({
      ok: false,
      code: 'bad_request',
    });
    expect(calls).toEqual([]);
  });

  test('gets the defaults of its schema', async () => {
    const calls: unknown[] = [];
    await createAnswer(noting({ metrics: () => Promise.reject(new Error('enough')) }, calls))('metrics', ourPage, {});
    expect(calls).toEqual([{ tz: 'UTC', filter: {}, source: 'duckdb' }]);
  });

  test('whose handler fails gives the failure as a value, with its code and field', async () => {
    const failWith = (error: Error) => async (): Promise<never> => {
      throw error;
    };
    const failing = (error: Error) => createAnswer(noting({ health: failWith(error) }, []));
    const known = new AppError('gateway_unreachable', 'The gateway cannot be reached.', { field: 'url' });
    expect(await failing(known)('health', ourPage, undefined)).toEqual({
      ok: false,
      code: 'gateway_unreachable',
      message: 'The gateway cannot be reached.',
      field: 'url',
    });
    expect(await failing(new TypeError('boom'))('health', ourPage, undefined)).toEqual({
      ok: false,
      code: 'internal',
      message: 'boom',
    });
  });
});

describe('the address of the page', () => {
  test.each(['app://ui/', 'app://ui/index.html', 'app://ui/?x=1#live'])('%s is ours', (url) =>
    expect(isPageUrl(url)).toBe(true),
  );
  test.each([
    'app://ui.evil/',
    'app://evil/',
    'https://ui/',
    'file:///etc/passwd',
    'app://user@ui/',
    'about:blank',
    '',
    'app:ui',
    'data:text/html,x',
  ])('%s is not', (url) => expect(isPageUrl(url)).toBe(false));
});
