/**
 * Embeddings. Newer models report usage, often without a total; older ones (gemini-embedding-001) report nothing, although their input is
 * billed. Then the input is estimated from the length of the text, once the answer is whole, and said to be (https://github.com/BerriAI/litellm/issues/33681).
 */
import type { Dialect } from '../adapter.ts';
import type { JsonShape } from '../body/json-pruner.ts';
import { mergeUsage, type Draft } from '../draft.ts';
import { asArray, isObject, isPresent, modelOf, type JsonObject } from '../json-value.ts';
import { noCounts, type UsageCounts } from '../usage-counts.ts';
import { contentDialect, googleErrorCode } from './content-dialect.ts';
import { googleEmbeddingCounts } from './google-usage.ts';

const contentShape: JsonShape = { parts: { text: 'bytes', inlineData: 'sign', fileData: 'sign' } };

export const embeddingDialect: Dialect = {
  ...contentDialect,
  requestShape: { content: contentShape, requests: { content: contentShape } },
  responseShape: { usageMetadata: 'keep', modelVersion: 'keep', error: { code: 'keep', status: 'keep' } },
  readRequest(body, draft) {
    for (const request of [body, ...asArray(body['requests'])])
      if (isObject(request)) noteContent(request['content'], draft);
  },
  readBody: readEmbedding,
  readEvent: readEmbedding,
  errorCode: googleErrorCode,
  counts: (draft) => (draft.nativeUsage === null ? estimated(draft) : googleEmbeddingCounts(draft.nativeUsage)),
};

function readEmbedding(body: JsonObject, draft: Draft): void {
  draft.model = modelOf(body['modelVersion']) ?? draft.model;
  mergeUsage(draft, body['usageMetadata']);
  draft.noted.isWhole = true;
}

function noteContent(content: unknown, draft: Draft): void {
  if (!isObject(content)) return;
  for (const part of asArray(content['parts'])) {
    if (!isObject(part)) continue;
    if (isPresent(part['inlineData']) || isPresent(part['fileData'])) draft.noted.hasMedia = true;
    draft.noted.textBytes = (draft.noted.textBytes ?? 0) + byteLength(part['text']);
  }
}

/** A pruned body has the length in place of the text. */
function byteLength(text: unknown): number {
  if (typeof text === 'number') return text;
  return typeof text === 'string' ? Buffer.byteLength(text) : 0;
}

/** "A token is equivalent to about 4 characters" (https://ai.google.dev/gemini-api/docs/tokens). Media cannot be estimated by length. */
const bytesPerToken = 4;

function estimated({ noted: { textBytes = 0, hasMedia = false, isWhole = false } }: Draft): UsageCounts {
  if (textBytes === 0 || hasMedia || !isWhole) return noCounts;
  const inputTokens = Math.ceil(textBytes / bytesPerToken);
  return { ...noCounts, inputTokens, totalTokens: inputTokens, usageSource: 'estimated' };
}
