/**
 * Searches and map look-ups behind an answer (GroundingMetadata of @google/genai), which Google bills beside tokens. Gemini 3 bills each distinct
 * query that is not empty, 2.x the grounded prompt; Maps has a price of its own and is seen by its chunks. An answer that rests on Maps
 * alone may list queries too, and those are no web searches (https://github.com/BerriAI/litellm/pull/36397, /35965, /38418).
 *
 * Queries are text of the user: they are held while the call runs, to tell them apart, and never leave this process.
 */
import type { Units } from '../../../contract/usage-record.ts';
import type { JsonShape } from '../body/json-pruner.ts';
import { countOnce, mark, type Draft } from '../draft.ts';
import { asArray, isObject, isPresent } from '../json-value.ts';

export const groundingShape = {
  webSearchQueries: 'keep',
  imageSearchQueries: 'keep',
  groundingChunks: { web: 'sign', maps: 'sign' },
  googleMapsWidgetContextToken: 'sign',
} as const satisfies JsonShape;

export function noteGrounding(metadata: unknown, draft: Draft): void {
  if (!isObject(metadata)) return;
  for (const query of asArray(metadata['webSearchQueries'])) if (isQuery(query)) countOnce(draft, 'webSearches', query);
  for (const query of asArray(metadata['imageSearchQueries']))
    if (isQuery(query)) countOnce(draft, 'imageSearches', query);
  if (isPresent(metadata['googleMapsWidgetContextToken'])) mark(draft, mapsMark);
  for (const chunk of asArray(metadata['groundingChunks'])) {
    if (!isObject(chunk)) continue;
    if (isPresent(chunk['maps'])) mark(draft, mapsMark);
    if (isPresent(chunk['web'])) mark(draft, webMark);
  }
}

/** What the draft counted, with the kinds of grounding told apart. */
export function groundedUnits({ units, marks }: Draft): Units {
  const { webSearches, ...others } = units;
  const restsOnMaps = marks.has(mapsMark);
  const searches = restsOnMaps && !marks.has(webMark) ? 0 : (webSearches ?? 0);
  return {
    ...others,
    ...(searches > 0 && { webSearches: searches }),
    ...((searches > 0 || marks.has(webMark)) && { groundedPrompts: 1 }),
    ...(restsOnMaps && { mapsQueries: 1 }),
  };
}

const webMark = 'web chunk';
const mapsMark = 'maps chunk';
const isQuery = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
