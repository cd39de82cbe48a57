/** A call's own secrets are found wherever it carried them and however they are written; ordinary names are left alone. */
import { describe, expect, it } from 'vitest';
import { createCallSecrets } from '../../../gateway/usage/call-secrets.ts';
import { symbolOf } from '../../../gateway/usage/json-value.ts';

const secretsOf = createCallSecrets();
const secret = 'Correct+Horse/Battery Staple'; // looks like no key of anybody
const bytes = Buffer.from(secret);

function allowed(headers: readonly string[], query: string, text: string): boolean {
  return secretsOf({ headers, query: new URLSearchParams(query) }).allows(text);
}

describe('a secret is found where the call carried it', () => {
  it.each([
    ['x-goog-api-key', secret, ''],
    ['X-Api-Key', secret, ''],
    ['api-key', secret, ''],
    ['Authorization', `Bearer ${secret}`, ''],
    ['authorization', secret, ''],
    ['authorization', `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`, ''],
    ['proxy-authorization', `Bearer ${secret}`, ''],
    ['Ocp-Apim-Subscription-Key', secret, ''],
    ['cf-aig-authorization', `Bearer ${secret}`, ''],
    ['Helicone-Auth', `Bearer ${secret}`, ''],
    ['x-amz-security-token', secret, ''],
    ['Idempotency-Key', secret, ''],
    ['cookie', `theme=dark; sid="${secret}"; lang=en`, ''],
    ['Sec-WebSocket-Protocol', `realtime, openai-insecure-api-key.${secret}, openai-beta.realtime-v1`, ''],
    ['x', 'y', `key=${encodeURIComponent(secret)}`],
    ['x', 'y', `alt=sse&access_token=${encodeURIComponent(secret)}`],
    ['x', 'y', `X-Goog-Signature=${encodeURIComponent(secret)}`],
    ['x', 'y', `upload_id=${encodeURIComponent(secret)}`],
  ])('%s: %s ?%s', (name, value, query) => {
    for (const text of [secret, `model-${secret}-latest`]) expect(allowed([name, value], query, text)).toBe(false);
    expect(allowed([name, value], query, 'gemini-2.5-flash')).toBe(true);
  });
});

describe('a secret is found however it is written', () => {
  const headers = ['x-api-key', secret];
  it.each([
    ['as it is', secret],
    ['in lower case', secret.toLowerCase()],
    ['in upper case', secret.toUpperCase()],
    ['percent-encoded', encodeURIComponent(secret)],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(secret))],
    ['as a form encodes it', encodeURIComponent(secret).replaceAll('%20', ' ')],
    ['in hexadecimal', bytes.toString('hex')],
    ['in Base64', bytes.toString('base64')],
    ['in Base64 for URLs', bytes.toString('base64url')],
    ['in Base64 after one byte', Buffer.concat([Buffer.from(':'), bytes]).toString('base64')],
    ['in Base64 after two bytes, before others', Buffer.from(`k=${secret};more`).toString('base64')],
    ['cut short', secret.slice(0, 24)],
    ['without its beginning', secret.slice(4)],
  ])('%s', (_name, text) => {
    expect(allowed(headers, '', text)).toBe(false);
    expect(allowed(headers, '', `x:${text}`)).toBe(false);
  });

  it('a short one only where the text is the secret itself', () => {
    expect(allowed(['x-api-key', 'gpt'], '', 'gpt')).toBe(false);
    expect(allowed(['x-api-key', 'gpt'], '', 'gpt-5-mini')).toBe(true);
  });
});

describe('what a record rightly has stays', () => {
  const headers = [
    'authorization',
    'Bearer sk-live-0123456789abcdefghijklmnop',
    'x-aism-user',
    'anna@example.com',
    'cookie',
    'lang=en; theme=dark',
    'sec-websocket-protocol',
    'realtime, openai-beta.realtime-v1',
    'user-agent',
    'OpenAI/JS 7.57.0',
    'x-stainless-lang',
    'js',
    'x-request-tier',
    'priority',
  ];
  const query =
    'alt=sse&model=gpt-realtime&api-version=2024-10-21&pageSize=100&debug=true&deployment=my-gpt-deployment';
  it.each([
    'gpt-realtime',
    'gpt-4o-2024-10-21',
    'my-gpt-deployment',
    'ft:gpt-4o-mini-2024-07-18:acme::9abcDEF0',
    'tunedModels/my-model-x1y2z3',
    'anthropic.claude-sonnet-4-5-20250929-v1:0',
    'anna@example.com',
    'openai-js/7.57.0',
    'priority',
    'true',
    'rate_limit_exceeded',
    'TEXT',
    'chat',
  ])('%s', (text) => {
    expect(allowed(headers, query, text)).toBe(true);
  });

  it('but nothing that looks like a key of any provider, whoever it belongs to', () => {
    for (const key of [
      'AIzaSyD-0123456789abcdefghijklmnopqrstu',
      'sk-ant-api03-abcdefghijklmnop',
      'ya29.abcdefghijklmnop',
      'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
    ])
      expect(allowed([], '', key)).toBe(false);
  });
});

describe('a code is made of words and short numbers', () => {
  it.each([
    'rate_limit_exceeded',
    'RESOURCE_EXHAUSTED',
    'invalid_api_key',
    'model_not_found',
    'overloaded_error',
    'content_filter',
    'MAX_TOKENS',
    'end_turn',
    'pause_turn',
    'tool_use',
    'STOP',
    'DeploymentNotFound',
    'OAuthException',
    'ThrottlingException',
    'context_length_exceeded',
    '429',
    '40001',
    'E1234',
    'oauth2.expired',
    'PROHIBITED_CONTENT',
    'model_context_window_exceeded',
    'unsupported_country_region_territory',
    '1h',
    'http_5xx',
    'BLOCKED_REASON_UNSPECIFIED',
    'provisioned_throughput',
    'image_generation_user_error',
    'default',
    'flex',
  ])('%s is one', (code) => {
    expect(symbolOf(code)).toBe(code);
  });

  it.each([
    'AIzaSyD-CANARY0123456789abcdefghijklmno',
    'sk-proj-CANARYabcdefghijklmnopqrstuvwxyz0123456789',
    '550e8400-e29b-41d4-a716-446655440000',
    'abcdefghijklmnopqrstuvwxyz',
    'aBcDeFgHiJkLmNoP',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    '0123456789',
    'glpat-9kX2vQ7w',
    'words with spaces',
    '',
  ])('%s is none', (text) => {
    expect(symbolOf(text)).toBeNull();
  });
});
