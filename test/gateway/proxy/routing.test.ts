import { expect, test } from 'vitest';
import { createRouter } from '../../../gateway/proxy/routing.ts';
import type { Upstream } from '../../../gateway/config.ts';

const upstreams: readonly Upstream[] = [
  { name: 'gemini', provider: 'google', origin: new URL('https://generativelanguage.googleapis.com') },
  { name: 'openai', provider: 'openai', origin: new URL('https://api.openai.com/') },
  { name: 'local', provider: 'other', origin: new URL('http://127.0.0.1:9/base/path/') },
];
const route = createRouter(upstreams);

function routed(target: string, hasGoogleKey = false): string {
  const answer = route(target, () => hasGoogleKey);
  return answer.kind === 'forward' ? `${answer.destination.upstream.name} ${answer.target}` : answer.kind;
}

test.each([
  [
    '/gemini/v1beta/models/gemini-2.5-pro:generateContent?key=a&alt=sse',
    'gemini /v1beta/models/gemini-2.5-pro:generateContent?key=a&alt=sse',
  ],
  ['/openai/v1/chat/completions', 'openai /v1/chat/completions'],
  ['/local/x', 'local /base/path/x'],
  ['/local', 'local /base/path'],
  ['/openai', 'openai /'],
  ['/openai?a=1', 'openai /?a=1'],
  ['/openai/', 'openai /'],
  ['/openai//x', 'openai //x'],
  ['/openai/a%2Fb%20c;d=é?x=%zz&&=', 'openai /a%2Fb%20c;d=é?x=%zz&&='],
])('%s goes to %s', (target, expected) => {
  expect(routed(target)).toBe(expected);
});

test.each([
  ['/v1beta/models', 'gemini /v1beta/models'],
  ['/v1alpha/auth_tokens', 'gemini /v1alpha/auth_tokens'],
  ['/v1/models/gemini-2.5-pro:countTokens', 'gemini /v1/models/gemini-2.5-pro:countTokens'],
  ['/upload/v1beta/files?uploadType=resumable', 'gemini /upload/v1beta/files?uploadType=resumable'],
  ['/ws/google.ai.BidiGenerateContent?key=k', 'gemini /ws/google.ai.BidiGenerateContent?key=k'],
  ['//ws/google.ai.BidiGenerateContent', 'gemini /ws/google.ai.BidiGenerateContent'],
  ['/gemini//ws/google.ai.BidiGenerateContent', 'gemini /ws/google.ai.BidiGenerateContent'],
  ['/v1beta/upload/v1beta/files', 'gemini /upload/v1beta/files'],
  ['/gemini/v1beta/upload/v1beta/files', 'gemini /upload/v1beta/files'],
])("a path of Google's SDKs at the root, %s, becomes %s", (target, expected) => {
  expect(routed(target)).toBe(expected);
});

test.each(['/', '/v1/models', '/v1/chat/completions', '/Gemini/v1beta/x', '/gemini2/x', '/v1betax/x', '/%67emini/x'])(
  '%s names no upstream',
  (target) => {
    expect(routed(target)).toBe('unknown_upstream');
  },
);

test.each(['/v1/cachedContents', '/v1/interactions', '/v1/files/abc', '/v1/models?pageSize=5'])(
  "%s at the root, which js-genai asks for, goes to gemini with a key in Google's own header only",
  (target) => {
    expect(routed(target, true)).toBe(`gemini ${target}`);
    expect(routed(target, false)).toBe('unknown_upstream');
  },
);

test("a key in Google's header changes nothing for other paths", () => {
  expect(routed('/openai/v1/files', true)).toBe('openai /v1/files');
  expect(routed('/v2/files', true)).toBe('unknown_upstream');
  expect(routed('/v1/upload/v1/files', true)).toBe('gemini /upload/v1/files');
});

test('root paths name no upstream when there is no gemini', () => {
  const other = createRouter(upstreams.filter(({ name }) => name !== 'gemini'));
  expect(other('/v1beta/models', () => true).kind).toBe('unknown_upstream');
});

test.each([
  '/local/../secret',
  '/local/..',
  '/local/a/../../b',
  '/local/%2e%2e/b',
  '/local/.%2E/b',
  '/local/a/..%2f..%2f..',
  '/local/..\\b',
  '/local/%2e%2e%5cb',
  '/local//../b',
  '/local/./../b',
])('%s would leave the base path and is refused', (target) => {
  expect(routed(target)).toBe('bad_target');
});

test.each([
  ['/local/a/../b', 'local /base/path/a/../b'],
  ['/local/a..b/c', 'local /base/path/a..b/c'],
  ['/local/...', 'local /base/path/...'],
  ['/local/x?next=../../y', 'local /base/path/x?next=../../y'],
])('%s stays inside the base path and passes as it came', (target, expected) => {
  expect(routed(target)).toBe(expected);
});

test.each([
  'http://gemini/v1beta/x',
  'gemini/v1beta',
  '*',
  '',
  '/gemini/a b',
  '/gemini/a\r\nb',
  '/gemini/a\u0000',
  '/gemini/\u0100',
])('the target %j is refused', (target) => {
  expect(routed(target)).toBe('bad_target');
});
