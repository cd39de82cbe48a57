import { describe, expect, it } from 'vitest';
import type { Provider, Surface } from '../../../contract/usage-record.ts';
import { openUsageTap } from '../../../gateway/usage/usage-tap.ts';

function routeOf(provider: Provider, line: string) {
  const [method = '', path = ''] = line.split(' ');
  return openUsageTap({ upstream: { provider }, method, path }).route;
}

const uuid = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
type Row = readonly [line: string, surface: Surface, endpoint: string, model?: string];

const google: readonly Row[] = [
  [
    'POST /v1beta/models/gemini-2.5-pro:generateContent',
    'generateContent',
    '/v1beta/models/{model}:generateContent',
    'gemini-2.5-pro',
  ],
  [
    'POST /v1/models/gemini-2.5-pro%3AgenerateContent',
    'generateContent',
    '/v1/models/{model}:generateContent',
    'gemini-2.5-pro',
  ],
  [
    'POST /v1beta/models/gemini-2.5-pro:streamGenerateContent',
    'streamGenerateContent',
    '/v1beta/models/{model}:streamGenerateContent',
    'gemini-2.5-pro',
  ],
  [
    'POST /v1beta/tunedModels/my-tune-8k:generateContent',
    'generateContent',
    '/v1beta/tunedModels/{model}:generateContent',
    'tunedModels/my-tune-8k',
  ],
  [
    'POST /v1/projects/p-77/locations/us-central1/publishers/google/models/gemini-2.5-pro:generateContent',
    'generateContent',
    '/v1/projects/{id}/locations/{id}/publishers/google/models/{model}:generateContent',
    'gemini-2.5-pro',
  ],
  [
    'POST /v1beta/models/gemini-2.5-pro:countTokens',
    'countTokens',
    '/v1beta/models/{model}:countTokens',
    'gemini-2.5-pro',
  ],
  [
    'POST /v1beta/models/gemini-embedding-001:batchEmbedContents',
    'batchEmbedContents',
    '/v1beta/models/{model}:batchEmbedContents',
    'gemini-embedding-001',
  ],
  [
    'POST /v1beta/models/imagen-4.0-generate-001:predict',
    'predict',
    '/v1beta/models/{model}:predict',
    'imagen-4.0-generate-001',
  ],
  [
    'POST /v1beta/models/veo-3.0:predictLongRunning',
    'predictLongRunning',
    '/v1beta/models/{model}:predictLongRunning',
    'veo-3.0',
  ],
  [
    'POST /v1beta/models/gemini-2.5-pro:batchGenerateContent',
    'batchGenerateContent',
    '/v1beta/models/{model}:batchGenerateContent',
    'gemini-2.5-pro',
  ],
  ['POST /v1beta/models/gemini-2.5-pro:inventAnything', 'other', '/v1beta/models/{model}:{verb}', 'gemini-2.5-pro'],
  [
    'OPTIONS /v1beta/models/gemini-2.5-pro:generateContent',
    'operations',
    '/v1beta/models/{model}:generateContent',
    'gemini-2.5-pro',
  ],
  ['GET /v1beta/models', 'models', '/v1beta/models'],
  ['GET /v1beta/models/gemini-2.5-pro', 'models', '/v1beta/models/{id}'],
  ['POST /v1beta/interactions', 'interactions', '/v1beta/interactions'],
  [`GET /v1beta/interactions/${uuid}`, 'operations', '/v1beta/interactions/{id}'],
  ['POST /upload/v1beta/files', 'files', '/upload/v1beta/files'],
  ['POST /v1beta/upload/v1beta/files', 'files', '/v1beta/upload/v1beta/files'],
  ['GET /v1beta/files/abc-123:download', 'files', '/v1beta/files/{id}:download'],
  [
    'POST /upload/v1beta/fileSearchStores/my-store-1:uploadToFileSearchStore',
    'files',
    '/upload/v1beta/fileSearchStores/{id}:uploadToFileSearchStore',
  ],
  ['POST /v1beta/cachedContents', 'cachedContents', '/v1beta/cachedContents'],
  ['GET /v1beta/models/veo-3.0/operations/op1234', 'operations', '/v1beta/models/{id}/operations/{id}'],
  [
    'GET //ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent',
    'live',
    '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent',
  ],
  ['POST /v1beta/openai/chat/completions', 'chat.completions', '/v1beta/openai/chat/completions'],
  ['POST /v1beta/openai/embeddings', 'embeddings', '/v1beta/openai/embeddings'],
  ['GET /v1beta/openai/models', 'models', '/v1beta/openai/models'],
  ['GET /v1beta/somethingNew', 'other', '/v1beta/{id}'],
];

const openai: readonly Row[] = [
  ['POST /v1/chat/completions', 'chat.completions', '/v1/chat/completions'],
  ['GET /v1/chat/completions/chatcmpl-abc123', 'operations', '/v1/chat/completions/{id}'],
  ['POST /v1/responses', 'responses', '/v1/responses'],
  ['GET /v1/responses/resp_68aa', 'operations', '/v1/responses/{id}'],
  ['POST /v1/responses/resp_68aa/cancel', 'operations', '/v1/responses/{id}/cancel'],
  ['POST /v1/responses/input_tokens', 'countTokens', '/v1/responses/input_tokens'],
  ['POST /v1/embeddings', 'embeddings', '/v1/embeddings'],
  ['POST /v1/completions', 'completions', '/v1/completions'],
  ['POST /v1/images/edits', 'images', '/v1/images/edits'],
  ['POST /v1/audio/transcriptions', 'audio', '/v1/audio/transcriptions'],
  ['POST /v1/moderations', 'moderations', '/v1/moderations'],
  ['POST /v1/realtime/client_secrets', 'operations', '/v1/realtime/client_secrets'],
  ['POST /v1/batches/batch_1/cancel', 'batches', '/v1/batches/{id}/cancel'],
  ['GET /v1/files/file-abc/content', 'files', '/v1/files/{id}/content'],
  ['GET /v1/models/gpt-5', 'models', '/v1/models/{id}'],
  [
    'POST /openai/deployments/prod-gpt/chat/completions',
    'chat.completions',
    '/openai/deployments/{id}/chat/completions',
    'prod-gpt',
  ],
  ['GET /v1/vector_stores/vs_1', 'other', '/v1/vector_stores/{id}'],
];

const anthropic: readonly Row[] = [
  ['POST /v1/messages', 'messages', '/v1/messages'],
  ['OPTIONS /v1/messages', 'operations', '/v1/messages'],
  ['POST /v1/messages/count_tokens', 'count_tokens', '/v1/messages/count_tokens'],
  [
    'GET /v1/messages/batches/msgbatch_01HkcTjaV5uDC8jWR4ZsDV8d/results',
    'message.batches',
    '/v1/messages/batches/{id}/results',
  ],
  ['GET /v1/models/claude-sonnet-4-5', 'models', '/v1/models/{id}'],
  ['GET /v1/organizations/o-1/members', 'other', '/v1/organizations/{id}/{id}'],
];

const other: readonly Row[] = [
  ['GET /', 'other', '/'],
  ['POST /api/v2/generate', 'other', '/api/v2/generate'],
  [`GET /users/${uuid}/orders/12345`, 'other', '/users/{id}/orders/{id}'],
  ['GET /objects/deadbeefcafebabe/meta', 'other', '/objects/{id}/meta'],
  ['GET /objects/abcdefab/meta', 'other', '/objects/{id}/meta'],
  ['POST /bot123456:AAF-secret-token/sendMessage', 'other', '/{id}/sendMessage'],
  ['GET /mail/jane%40example.org', 'other', '/mail/{id}'],
  ['GET /t/qwertyuiopasdfghjklzxcvbnm', 'other', '/t/{id}'],
  ['GET /a/b/c/d/e/f/g/h/i/j/k/l/m/n', 'other', '/a/b/c/d/e/f/g/h/i/j/k/l/…'],
];

describe.each([
  ['google', google],
  ['openai', openai],
  ['anthropic', anthropic],
  ['other', other],
] as const)('%s', (provider, rows) => {
  it.each(rows.map((row) => [row[0], row] as const))('recognises %s', (_line, [line, surface, endpoint, model]) => {
    expect(routeOf(provider, line)).toEqual({ provider, surface, endpoint, modelRequested: model ?? null });
  });
});

it('recognises any path of any length without failing', () => {
  for (const provider of ['google', 'openai', 'anthropic', 'other'] as const) {
    for (const path of [
      '',
      '/',
      '%',
      '/%E0%A4%A',
      '/:',
      '/models/:generateContent',
      `/${'a/'.repeat(5_000)}`,
      `/models/${'x'.repeat(10_000)}:generateContent`,
    ]) {
      const route = routeOf(provider, `POST ${path}`);
      expect(route.endpoint.length).toBeLessThan(400);
      expect(route.modelRequested?.length ?? 0).toBeLessThanOrEqual(128);
    }
  }
});
