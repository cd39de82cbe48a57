import type { Dialect } from '../adapter.ts';
import { countUnit, mergeUsage, noteToken, type Draft } from '../draft.ts';
import { asArray, isObject, isPresent, modelOf, type JsonObject } from '../json-value.ts';
import { noCounts, withUnits, type UsageCounts } from '../usage-counts.ts';
import { errorShape, openaiCommon } from './openai-dialect.ts';
import { openaiCounts } from './openai-usage.ts';

/**
 * Images API: GPT image models report tokens, older ones are billed by the image. `output_tokens` are image tokens even where no details say so
 * (ImagesResponse.Usage of the openai package); at the text rate they would cost a seventh (https://github.com/ding113/claude-code-hub/issues/663).
 */
export const imagesDialect: Dialect = {
  ...openaiCommon(false),
  responseShape: {
    type: 'keep',
    model: 'keep',
    b64_json: 'sign',
    data: { b64_json: 'sign', url: 'sign' },
    usage: 'keep',
    error: errorShape,
  },
  readBody(body, draft) {
    draft.model = modelOf(body['model']) ?? draft.model;
    mergeUsage(draft, body['usage']);
    const made = asArray(body['data']).filter(
      (image) => isObject(image) && (isPresent(image['b64_json']) || isPresent(image['url'])),
    );
    countUnit(draft, 'images', made.length);
  },
  readEvent(event, draft, atMs) {
    if (isPresent(event['b64_json'])) noteToken(draft, atMs);
    mergeUsage(draft, event['usage']);
    if (event['type'] === 'image_generation.completed' || event['type'] === 'image_edit.completed')
      countUnit(draft, 'images');
  },
  counts: (draft) => withUnits(imageCounts(draft), draft.units, 'derived'),
};

function imageCounts({ nativeUsage }: Draft): UsageCounts {
  if (nativeUsage === null) return noCounts;
  const counts = openaiCounts(nativeUsage, false);
  if (counts.outputTokens === null || counts.modalities?.output !== undefined || hasDetails(nativeUsage)) return counts;
  return { ...counts, modalities: { ...counts.modalities, output: { IMAGE: counts.outputTokens } } };
}

const hasDetails = (usage: JsonObject): boolean => isObject(usage['output_tokens_details']);
