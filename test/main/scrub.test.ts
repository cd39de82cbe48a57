import { describe, expect, test } from 'vitest';
import { scrub } from '../../main/scrub.ts';

describe('log text', () => {
  test.each([
    'GET https://x.test/v1beta/models?key=CANARYsecret1&alt=sse failed',
    'authorization: Bearer CANARYsecret1',
    '"x-goog-api-key":"CANARYsecret1"',
    '{"x-api-key": "CANARYsecret1"}',
    'Cookie: CANARYsecret1',
    'Bearer CANARYsecret1',
    'AIzaCANARYsecret1xyz',
    'sk-CANARYsecret1',
    'aism.token.CANARYsecret1',
    'eyJCANARYsecret1.abc.def',
    '-----BEGIN PRIVATE KEY-----\nCANARYsecret1\n-----END PRIVATE KEY-----',
    'https://x.test/?a=1&X-Amz-Signature=CANARYsecret1',
  ])('loses the secret in %j', (text) => {
    expect(scrub(text)).not.toContain('CANARYsecret1');
    expect(scrub(text)).toContain('[hidden]');
  });

  test('keeps what is none', () => {
    const text = 'GatewayEnded signal SIGKILL at http://127.0.0.1:8787/?range=24h, 12 tokens, key figures';
    expect(scrub(text)).toBe(text);
  });
});
