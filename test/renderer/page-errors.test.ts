import { expect, test } from 'vitest';
import type { PageError } from '../../contract/app-settings.ts';
import { startPageErrors } from '../../renderer/page-errors.ts';

function listening() {
  const sent: PageError[] = [];
  const target = new EventTarget();
  let nowMs = 0;
  const bridge = { ask: (_name: string, input: unknown) => Promise.resolve(void sent.push(input as PageError)) };
  const report = startPageErrors(bridge as never, target, () => nowMs);
  return { sent, target, report, wait: (ms: number) => void (nowMs += ms) };
}

const failure = (type: string, what: object): Event => Object.assign(new Event(type), what);

test('an error of the window and a rejection are reported with their stack', () => {
  const { sent, target } = listening();
  target.dispatchEvent(failure('error', { error: new TypeError('x is undefined'), message: 'Uncaught' }));
  target.dispatchEvent(failure('error', { error: null, message: 'ResizeObserver loop' }));
  target.dispatchEvent(failure('unhandledrejection', { reason: 'just text' }));
  expect(sent.map(({ source, message }) => [source, message])).toEqual([
    ['window', 'x is undefined'],
    ['window', 'ResizeObserver loop'],
    ['promise', 'just text'],
  ]);
  expect(sent[0]?.stack).toContain('page-errors.test.ts');
});

test('the same error is reported once a minute, and twenty kinds of them at most', () => {
  const { sent, report, wait } = listening();
  for (let times = 0; times < 100; times++) report(new Error('again'), 'render', '\n at Cell');
  expect(sent).toHaveLength(1);
  expect(sent[0]?.stack).toMatch(/in\n at Cell$/);
  for (let kind = 0; kind < 100; kind++) report(new Error(`kind ${kind}`), 'render');
  expect(sent).toHaveLength(20);
  wait(60_000);
  report(new Error('again'), 'render');
  expect(sent).toHaveLength(21);
});

test('a message of any length fits the contract', () => {
  const { sent, report } = listening();
  report(new Error('long '.repeat(10_000)), 'render');
  expect(sent[0]?.message.length).toBe(1000);
  expect(sent[0]?.stack.length).toBe(8000);
});
