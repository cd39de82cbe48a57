/** Which announced upload addresses lead back through the gateway: those of the configured upstream, and no other. */
import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { gatewayUploadUrl } from '../../../gateway/proxy/upload-url.ts';

const request = Object.assign(Object.create(null) as IncomingMessage, {
  headers: { host: 'gateway.local:8787' },
  socket: new Socket(),
});

function rewritten(url: string, origin: string, name = 'gemini'): string {
  const upstream = { name, provider: 'google' as const, origin: new URL(origin) };
  return gatewayUploadUrl(url, request, { upstream, basePath: upstream.origin.pathname.replace(/\/+$/, '') });
}

const google = 'https://generativelanguage.googleapis.com';
const upload = '/upload/v1beta/files?upload_id=a%2Fb&X-Goog-Signature=abc%3D%3D&x=%C3%A4+b#end';

describe('an address of the upstream leads to the gateway, path and query byte for byte', () => {
  it.each([
    ['the same origin', `${google}${upload}`, google],
    ['another case', `HTTPS://GenerativeLanguage.GoogleAPIs.com${upload}`, google],
    ['its default port', `${google}:443${upload}`, google],
    ['the default port of the upstream', `${google}${upload}`, `${google}:443`],
    ['the same port', `http://127.0.0.1:9000${upload}`, 'http://127.0.0.1:9000'],
    ['an address of IPv6', `http://[::1]:9000${upload}`, 'http://[0:0::1]:9000'],
    ['a name in punycode', `https://xn--bcher-kva.example${upload}`, 'https://bücher.example'],
  ])('%s', (_name, url, origin) => {
    expect(rewritten(url, origin)).toBe(`http://gateway.local:8787${upload}`);
  });

  it('below the upstream’s name when it is not the default one, and without the upstream’s own base path', () => {
    expect(rewritten(`${google}${upload}`, google, 'vertex')).toBe(`http://gateway.local:8787/vertex${upload}`);
    expect(rewritten(`${google}/base/next?id=1`, `${google}/base`, 'based')).toBe(
      'http://gateway.local:8787/based/next?id=1',
    );
  });
});

describe('any other address stays as it is', () => {
  it.each([
    ['another host', `https://storage.googleapis.com${upload}`, google],
    ['a sub-domain', `https://eu.generativelanguage.googleapis.com${upload}`, google],
    ['a longer host', `${google}.evil.example${upload}`, google],
    ['a host with a final dot', `${google}.${upload}`, google],
    ['another port', `${google}:8443${upload}`, google],
    ['another port on loopback', `http://127.0.0.1:9001${upload}`, 'http://127.0.0.1:9000'],
    ['another scheme', `http://generativelanguage.googleapis.com${upload}`, google],
    ['another scheme on the same port', `http://generativelanguage.googleapis.com:443${upload}`, google],
    ['a scheme that is not HTTP', `gs://generativelanguage.googleapis.com${upload}`, google],
    ['the upstream as user name', `${google}@storage.example${upload}`, google],
    ['the upstream as user name and password', `${google}:443@storage.example${upload}`, google],
    ['a user name before the upstream', `https://me:pw@generativelanguage.googleapis.com${upload}`, google],
    ['a backslash before another host', `${google}\\@storage.example${upload}`, google],
    ['the upstream only in the path', `https://storage.example/${google}${upload}`, google],
    ['the upstream only in the query', `https://storage.example/?next=${google}/upload/`, google],
    ['space before it', ` ${google}${upload}`, google],
    ['space in the host', `https://generativelanguage .googleapis.com${upload}`, google],
    ['no host', `https:///upload/x`, google],
    ['a port that is none', `${google}:99999${upload}`, google],
    ['a relative address', upload, google],
    ['one without a scheme', `//storage.example${upload}`, google],
    ['nothing', '', google],
    ['a path outside the upstream’s base path', `${google}${upload}`, `${google}/base`],
    ['a path that only begins like the base path', `${google}/basement/x`, `${google}/base`],
  ])('%s', (_name, url, origin) => {
    expect(rewritten(url, origin)).toBe(url);
  });
});
