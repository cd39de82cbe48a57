import { expect, test } from 'vitest';
import { builderConfig } from '../../../build/electron-builder.config.mjs';
import { appId } from '../../../main/app-id.ts';
import { actionAddress, actionOf, plainPage } from '../../../main/lifecycle/plain-page.ts';

const page = plainPage(
  {
    title: 'A & B',
    heading: 'It failed',
    paragraphs: ['/home/<script>alert(1)</script>/"x"', 'Second'],
    detail: "it's & more",
    actions: [{ id: 'retry', label: 'Try <again>' }],
  },
  actionAddress,
);
const html = decodeURIComponent(page.slice(page.indexOf(',') + 1));

test('what a path or an error holds is text on the page, never markup, and no script may run', () => {
  expect(html).toContain('&#60;script&#62;alert(1)&#60;/script&#62;/&#34;x&#34;');
  expect(html).not.toContain('<script');
  expect(html).toContain('it&#39;s &#38; more');
  expect(html).toContain("default-src 'none'");
  expect(html).toContain('>Try &#60;again&#62;</a>');
});

test('a button is an address that only this page has', () => {
  expect(html).toContain(`href="${actionAddress('retry')}"`);
  expect(actionOf(actionAddress('retry'))).toBe('retry');
  for (const url of ['app://ui/', 'app://ui/actions', 'https://example.com/action/quit', 'app://ui.evil/action/quit'])
    expect(actionOf(url)).toBeNull();
});

test('Windows knows the app by the name that its installer gives it', () => {
  expect(appId).toBe(builderConfig().appId);
});
