import type { Dialect } from '../adapter.ts';
import { countUnit, mergeUsage, noteToken, type Draft } from '../draft.ts';
import { headerValue } from '../header-values.ts';
import { asArray, isObject, isPresent, labelOf, modelOf, symbolOf, type JsonObject } from '../json-value.ts';
import { firstSymbol } from '../plain-dialect.ts';
import { noCounts, withUnits, type UsageCounts } from '../usage-counts.ts';
import { googleCounts } from './google-usage.ts';
import { groundedUnits, groundingShape, noteGrounding } from './grounding.ts';

/** Google's error model (google.rpc.Status): `status` is the canonical code, `code` repeats the HTTP status. */
export const googleErrorCode = (error: JsonObject): string | null =>
  firstSymbol(error['status'], error['code'], error['type']);

/** FinishReason values that mean the answer was withheld (@google/genai, FinishReason). Cut or malformed answers are not among them. */
const withheld = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
]);

/** TrafficType names the served tier where the header is missing. */
const trafficTiers: Readonly<Record<string, string>> = {
  ON_DEMAND: 'standard',
  ON_DEMAND_PRIORITY: 'priority',
  ON_DEMAND_FLEX: 'flex',
  ON_DEMAND_OFFPEAK: 'offpeak',
  PROVISIONED_THROUGHPUT: 'provisioned_throughput',
};

export const partShape = {
  text: 'sign',
  functionCall: 'sign',
  inlineData: { mimeType: 'keep', data: 'sign' },
  fileData: 'sign',
  executableCode: 'sign',
  codeExecutionResult: 'sign',
  toolCall: 'sign',
} as const;
const partMembers = Object.keys(partShape);
const candidateShape = {
  finishReason: 'keep',
  content: { parts: { ...partShape, thought: 'keep' } },
  groundingMetadata: groundingShape,
} as const;

export const contentDialect: Dialect = {
  requestShape: { labels: 'keep' },
  responseShape: {
    candidates: candidateShape,
    promptFeedback: { blockReason: 'keep' },
    usageMetadata: 'keep',
    modelVersion: 'keep',
    error: { code: 'keep', status: 'keep' },
  },
  readRequest(body, draft) {
    draft.bodyTags = labelsOf(body['labels']);
  },
  readHead(headers, draft) {
    draft.serviceTier = symbolOf(headerValue(headers, 'x-gemini-service-tier'))?.toLowerCase() ?? null;
  },
  readBody: readContent,
  readEvent(event, draft, atMs) {
    if (asArray(event['candidates']).some(hasGenerated)) noteToken(draft, atMs);
    readContent(event, draft);
  },
  repeats: repeatedTotals,
  errorCode: googleErrorCode,
  counts: contentCounts,
};

/** Members that say something which the totals of a later event do not say again. */
const tellsMore = /"(?:finishReason|groundingMetadata|promptFeedback|inlineData|error)"/;

/**
 * Most events of a stream carry some text and the totals so far. Once the first token and the model are known, the next event with the same
 * members in `usageMetadata` makes this one needless, and it is not parsed.
 */
function repeatedTotals(data: string, draft: Draft): string | null {
  if (draft.ttftMs === null || draft.model === null) return null;
  const at = data.lastIndexOf('"usageMetadata"');
  if (at === -1 || tellsMore.test(data)) return null;
  return data.slice(at).replaceAll(/\d+/g, '0');
}

/** Images are counted here even where their tokens are reported: both are billed units, by model. */
export function contentCounts(draft: Draft): UsageCounts {
  const counts = draft.nativeUsage === null ? noCounts : googleCounts(draft.nativeUsage);
  return withUnits(counts, groundedUnits(draft), 'derived');
}

/** Text, thought, function call or media: anything the model made. */
function hasGenerated(candidate: unknown): boolean {
  return isObject(candidate) && isGeneratedContent(candidate['content']);
}

export function isGeneratedContent(content: unknown): boolean {
  if (!isObject(content)) return false;
  return asArray(content['parts']).some(
    (part) => isObject(part) && partMembers.some((member) => isPresent(part[member])),
  );
}

function readContent(body: JsonObject, draft: Draft): void {
  draft.model = modelOf(body['modelVersion']) ?? draft.model;
  mergeUsage(draft, body['usageMetadata']);
  readTier(draft);
  for (const candidate of asArray(body['candidates'])) {
    if (!isObject(candidate)) continue;
    draft.finishReason = symbolOf(candidate['finishReason']) ?? draft.finishReason;
    if (draft.finishReason !== null && withheld.has(draft.finishReason)) draft.outcomeHint = 'blocked';
    noteGrounding(candidate['groundingMetadata'], draft);
    if (isObject(candidate['content'])) countImages(candidate['content'], draft);
  }
  readPromptFeedback(body['promptFeedback'], draft);
}

/** Images the model made as its answer; sketches among its thoughts are not given out as images. */
export function countImages(content: JsonObject, draft: Draft): void {
  for (const part of asArray(content['parts'])) {
    if (!isObject(part) || !isObject(part['inlineData']) || part['thought'] === true) continue;
    const { mimeType } = part['inlineData'];
    if (typeof mimeType === 'string' && mimeType.startsWith('image/')) countUnit(draft, 'images');
  }
}

export function readTier(draft: Draft): void {
  if (draft.serviceTier !== null || draft.nativeUsage === null) return;
  const traffic = symbolOf(draft.nativeUsage['trafficType']);
  if (traffic !== null && Object.hasOwn(trafficTiers, traffic)) draft.serviceTier = trafficTiers[traffic] ?? null;
}

function readPromptFeedback(feedback: unknown, draft: Draft): void {
  const reason = isObject(feedback) ? symbolOf(feedback['blockReason']) : null;
  if (reason === null || reason === 'BLOCKED_REASON_UNSPECIFIED' || reason === 'BLOCK_REASON_UNSPECIFIED') return;
  draft.outcomeHint = 'blocked';
  draft.finishReason ??= reason;
}

const mostLabels = 32;
/** Labels of a request become tags; names and values bounded, others ignored. */
export function labelsOf(labels: unknown): Readonly<Record<string, string>> {
  if (!isObject(labels)) return {};
  const tags: [string, string][] = [];
  for (const [name, value] of Object.entries(labels).slice(0, mostLabels)) {
    const tagName = labelOf(name, 64);
    const tagValue = labelOf(value);
    if (tagName !== null && tagValue !== null) tags.push([tagName, tagValue]);
  }
  return Object.fromEntries(tags);
}
