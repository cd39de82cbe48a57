/**
 * Creating a cached content: its tokens are written once and stored by the hour until it expires (CachedContent of @google/genai). Reading,
 * listing and deleting it cost nothing; a later change of its life is not known here.
 */
import type { Dialect } from '../adapter.ts';
import { mergeUsage, type Draft } from '../draft.ts';
import { modelOf } from '../json-value.ts';
import { plainDialect } from '../plain-dialect.ts';
import { createCountReader, noCounts, settleCounts, withUnits, type UsageCounts } from '../usage-counts.ts';
import { googleErrorCode } from './content-dialect.ts';

export const cachedContentDialect: Dialect = {
  ...plainDialect({ errorCode: googleErrorCode, namesModel: true }),
  responseShape: {
    model: 'keep',
    createTime: 'keep',
    expireTime: 'keep',
    usageMetadata: 'keep',
    error: { code: 'keep', status: 'keep' },
  },
  readBody(body, draft) {
    draft.model = modelOf(body['model']) ?? draft.model;
    mergeUsage(draft, body['usageMetadata']);
    const hours = hoursBetween(body['createTime'], body['expireTime']);
    if (hours !== null) draft.noted.seconds = hours * 3_600;
  },
  counts: cachedContentCounts,
};

function cachedContentCounts({ nativeUsage, noted }: Draft): UsageCounts {
  if (nativeUsage === null) return noCounts;
  const reader = createCountReader();
  const tokens = reader.read(nativeUsage['totalTokenCount']);
  const counts = settleCounts(reader, {
    inputTokens: tokens,
    cachedInputTokens: null,
    cacheWriteTokens: tokens,
    toolInputTokens: null,
    outputTokens: null,
    reasoningTokens: null,
    reportedTotal: tokens,
  });
  const hours = (noted.seconds ?? 0) / 3_600;
  return withUnits(counts, { cacheStorageTokenHours: (counts.cacheWriteTokens ?? 0) * hours }, 'derived');
}

const longestHours = 24 * 366;

function hoursBetween(from: unknown, to: unknown): number | null {
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  const hours = (Date.parse(to) - Date.parse(from)) / 3_600_000;
  return hours > 0 && hours <= longestHours ? hours : null;
}
