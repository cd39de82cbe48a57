/**
 * Gemini Live (LiveClientSetup, LiveServerMessage of @google/genai). The first client message names the model. `usageMetadata` may come several
 * times in a turn, cumulative within it, also with or after `turnComplete`; a turn's last values count, and turns add up: each turn is
 * billed for the whole context, and the sum of all turns is what is on the bill (https://discuss.ai.google.dev/t/…/173248 and /140340). Since
 * another reading is a report of running totals, a session of several turns is `derived`, never `reported`.
 */
import type { JsonShape } from '../body/json-pruner.ts';
import type { SessionDialect } from '../adapter.ts';
import { mergeUsage, noteToken, type Draft } from '../draft.ts';
import { isObject, isPresent, modelOf, symbolOf, type JsonObject } from '../json-value.ts';
import { addCounts } from '../session/running-totals.ts';
import { noCounts } from '../usage-counts.ts';
import { contentCounts, countImages, isGeneratedContent, labelsOf, partShape, readTier } from './content-dialect.ts';
import { groundingShape, noteGrounding } from './grounding.ts';

const liveService = /^google\.[a-z.\d]{1,80}\.GenerativeService\.BidiGenerateContent(Constrained)?$/;
export const isLiveService = (segment: string): boolean => liveService.test(segment);

const clientShape: JsonShape = { setup: { model: 'keep', labels: 'keep' } };
const serverShape: JsonShape = {
  serverContent: {
    modelTurn: { parts: { ...partShape, thought: 'keep' } },
    outputTranscription: { text: 'sign' },
    turnComplete: 'keep',
    groundingMetadata: groundingShape,
  },
  toolCall: 'sign',
  usageMetadata: 'keep',
};

export function openLiveSession(endpoint: string): SessionDialect {
  let total = noCounts;
  let turns = 0;
  let isOver = false; // the turn has completed; its usage may still come
  const settleTurn = (draft: Draft): void => {
    const turn = contentCounts(draft);
    if (turn.usageSource !== 'none' || turn.usageFault !== null) turns += 1;
    total = addCounts(total, turn);
    draft.nativeUsage = null;
    draft.units = {};
    draft.marks.clear();
    isOver = false;
  };
  return {
    route: { provider: 'google', surface: 'live', endpoint, modelRequested: null },
    clientShape,
    serverShape,
    readsClient: (draft) => draft.modelRequested === null,
    readClient({ setup }, draft) {
      if (!isObject(setup)) return;
      draft.modelRequested ??= modelOf(setup['model']);
      draft.bodyTags = labelsOf(setup['labels']);
    },
    readServer(message, draft, atMs) {
      const content = isObject(message['serverContent']) ? message['serverContent'] : {};
      const generates = isGenerated(content, message);
      if (isOver && (generates || isOfNextTurn(message['usageMetadata'], draft))) settleTurn(draft);
      if (generates) noteToken(draft, atMs);
      readContent(content, draft);
      mergeUsage(draft, message['usageMetadata']);
      readTier(draft);
      readServedTier(draft);
      isOver ||= content['turnComplete'] === true;
    },
    counts: (draft) => addCounts(total, contentCounts(draft)),
    turns: (draft) => turns + (draft.nativeUsage === null ? 0 : 1),
  };
}

/** Usage of the same turn repeats its prompt; the next turn's prompt has more context. */
function isOfNextTurn(usage: unknown, { nativeUsage }: Draft): boolean {
  if (!isObject(usage) || nativeUsage === null) return false;
  const prompt = usage['promptTokenCount'];
  return typeof prompt === 'number' && prompt !== nativeUsage['promptTokenCount'];
}

function isGenerated(content: JsonObject, message: JsonObject): boolean {
  const said = isObject(content['outputTranscription']) && isPresent(content['outputTranscription']['text']);
  return said || isPresent(message['toolCall']) || isGeneratedContent(content['modelTurn']);
}

function readContent(content: JsonObject, draft: Draft): void {
  noteGrounding(content['groundingMetadata'], draft);
  if (isObject(content['modelTurn'])) countImages(content['modelTurn'], draft);
}

/** Live names the served tier in the usage itself (UsageMetadata.serviceTier). */
function readServedTier(draft: Draft): void {
  const tier = symbolOf(draft.nativeUsage?.['serviceTier'])?.toLowerCase();
  if (tier !== undefined && tier !== 'unspecified') draft.serviceTier = tier;
}
