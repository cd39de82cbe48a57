import { describe, expect, test } from 'vitest';
import { assetPath, assetType } from '../../main/asset-path.ts';

describe('the file behind a page address', () => {
  test.each([
    ['/', '/app/out/renderer/index.html'],
    ['/assets/index-abc.js', '/app/out/renderer/assets/index-abc.js'],
    ['/a%20b.css', '/app/out/renderer/a b.css'],
  ])('%s lies inside the bundle', (pathname, path) => expect(assetPath('/app/out/renderer', pathname)).toBe(path));

  test.each([
    '/../main/index.js',
    '/%2e%2e/main/index.js',
    '/assets/..%2f..%2fmain/index.js',
    '/..%5c..%5cmain',
    '/%00/index.html',
    '/%',
    '/assets/../../renderer-evil/x.js',
  ])('%s is refused', (pathname) => expect(assetPath('/app/out/renderer', pathname)).toBeNull());

  test('what the bundle has no business holding is plain bytes', () => {
    expect(assetType('/x/index.html')).toBe('text/html; charset=utf-8');
    expect(assetType('/x/inter.WOFF2')).toBe('font/woff2');
    expect(assetType('/x/evil.exe')).toBe('application/octet-stream');
  });
});
