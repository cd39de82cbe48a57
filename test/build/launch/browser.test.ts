import { expect, test } from 'vitest';
import { findBrowser } from '../../../build/launch/browser.mjs';

test('the browser a person names goes before the system’s', () => {
  const exists = (path: string) => ['/opt/chrome', '/usr/bin/chromium'].includes(path);
  expect(findBrowser({ AISM_CHROMIUM_PATH: '/opt/chrome' }, exists)).toBe('/opt/chrome');
  expect(findBrowser({}, exists)).toBe('/usr/bin/chromium');
});

test('a named browser that is not there is not replaced by another', () => {
  expect(findBrowser({ AISM_CHROMIUM_PATH: '/opt/gone' }, (path) => path === '/usr/bin/chromium')).toBeNull();
  expect(findBrowser({}, () => false)).toBeNull();
});
