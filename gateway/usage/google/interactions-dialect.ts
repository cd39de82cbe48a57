import type { Dialect } from '../adapter.ts';
import { mergeUsage, noteToken, type Draft } from '../draft.ts';
import { idOf, isObject, isPresent, modelOf, symbolOf, type JsonObject } from '../json-value.ts';
import { noCounts } from '../usage-counts.ts';
import { contentDialect, googleErrorCode, labelsOf } from './content-dialect.ts';
import { interactionCounts } from './google-usage.ts';

const interactionShape = {
  id: 'keep',
  model: 'keep',
  status: 'keep',
  service_tier: 'keep',
  usage: 'keep',
} as const;

/**
 * Interactions API: one object, or SSE with `event_type`. Running totals stand in `metadata.total_usage` of a step's pieces, in `usage` of a
 * step's end and of a status update; `step_usage` is a part and is left alone (@google/genai, StepDelta, StepStop, InteractionStatusUpdate).
 */
export const interactionsDialect: Dialect = {
  requestShape: { model: 'keep', agent: 'keep', stream: 'keep', labels: 'keep' },
  responseShape: {
    ...interactionShape,
    event_type: 'keep',
    interaction_id: 'keep',
    delta: 'sign',
    interaction: interactionShape,
    metadata: { total_usage: 'keep' },
    error: { code: 'keep', status: 'keep' },
  },
  readRequest(body, draft) {
    draft.modelRequested ??= modelOf(body['model']) ?? modelOf(body['agent']);
    draft.streamed ||= body['stream'] === true;
    draft.bodyTags = labelsOf(body['labels']);
  },
  readHead: (headers, draft) => contentDialect.readHead?.(headers, draft),
  readBody: readInteraction,
  readEvent(event, draft, atMs) {
    if (event['event_type'] === 'step.delta' && isPresent(event['delta'])) noteToken(draft, atMs);
    if (isObject(event['metadata'])) mergeUsage(draft, event['metadata']['total_usage']);
    mergeUsage(draft, event['usage']);
    draft.jobId ??= idOf(event['interaction_id']);
    if (isObject(event['interaction'])) readInteraction(event['interaction'], draft);
    else readStatus(event, draft);
  },
  errorCode: googleErrorCode,
  counts: ({ nativeUsage }) => (nativeUsage === null ? noCounts : interactionCounts(nativeUsage)),
  job: { role: 'starts', surface: 'interactions' },
};

/** Reading or cancelling an interaction: brings the usage of one that ran in the background. */
export const interactionPollDialect: Dialect = {
  ...interactionsDialect,
  requestShape: null,
  job: { role: 'collects', surface: 'interactions' },
};

function readInteraction(interaction: JsonObject, draft: Draft): void {
  draft.jobId ??= idOf(interaction['id']);
  draft.model = modelOf(interaction['model']) ?? draft.model;
  draft.serviceTier ??= symbolOf(interaction['service_tier']);
  mergeUsage(draft, interaction['usage']);
  readStatus(interaction, draft);
}

const running = new Set(['in_progress', 'queued', 'requires_continuation']);

function readStatus(holder: JsonObject, draft: Draft): void {
  const status = symbolOf(holder['status']);
  if (status === null || running.has(status)) return;
  draft.finishReason = status;
  if (status === 'failed') draft.outcomeHint = 'upstream_error';
}
