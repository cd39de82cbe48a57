import { describe, expect, it } from 'vitest';
import { scrub } from '../../contract/scrub.ts';

/** Every secret below holds this word, so that a leak of any part of it shows. */
const canary = 'C4n4ry';

describe('the scrubber', () => {
  it.each([
    `GET https://generativelanguage.googleapis.com/v1beta/models?key=AIzaSy${canary}000000 failed`,
    `GET /v1beta/models?alt=sse&key=${canary}&x=1`,
    `https://h.example/p?X-Amz-Signature=${canary}&X-Goog-Credential=${canary}`,
    `https://h.example/p?anything=${canary}`,
    `https://user:${canary}@h.example/p`,
    `authorization: Bearer ${canary}.x/y+z=`,
    `Proxy-Authorization: Basic ${canary}==`,
    JSON.stringify({
      headers: { Authorization: `Bearer ${canary}`, 'x-api-key': canary, cookie: `a=${canary}; b=${canary}, c` },
    }),
    JSON.stringify({ msg: JSON.stringify({ 'x-goog-api-key': canary, 'set-cookie': `s=${canary}` }) }),
    JSON.stringify({ rawHeaders: ['api-key', canary, 'X-Api-Key', canary] }),
    `the key sk-proj-${canary}abcdefgh was refused`,
    `AIza${canary}abcdefghij`,
    `ya29.${canary}abcdefghij and AQ.${canary}abcdefghij`,
    `jwt eyJhbGciOiJ${canary}.eyJ${canary}.${canary}`,
    `-----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----`,
    `-----BEGIN RSA PRIVATE KEY-----\n${canary} cut off`,
    `Sec-WebSocket-Protocol: aism.token.${canary}`,
  ])('removes the secret of %s', (text) => {
    expect(scrub(text)).not.toContain(canary);
    expect(scrub(text)).toContain('[redacted]');
  });

  it('keeps JSON readable and everything that is no secret', () => {
    const line = {
      level: 'info',
      msg: 'ProxyUpstreamFailed',
      url: 'https://a.example/v1?key=abc',
      headers: { authorization: 'Bearer abc', accept: 'x' },
      tokens: 12,
    };
    expect(JSON.parse(scrub(JSON.stringify(line)))).toEqual({
      ...line,
      url: 'https://a.example/v1?[redacted]',
      headers: { authorization: '[redacted]', accept: 'x' },
    });
    const plain = 'model gemini-2.5-pro, 12 tokens, /v1beta/models/x:generateContent, http://127.0.0.1:8787/ui/';
    expect(scrub(plain)).toBe(plain);
  });
});
