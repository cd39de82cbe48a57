/** Calls whose upstream answers with the call's own secret in a place that a record keeps, and calls that put it there themselves. */

export interface Answer {
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, as SSE events when there are several, as messages on a WebSocket. */
  readonly parts: readonly object[];
}

export interface EchoCall {
  readonly place: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly answer: Answer;
  readonly isWebSocket?: boolean;
}

const chat = '/openai/v1/chat/completions';
const responses = '/openai/v1/responses';
const messages = '/anthropic/v1/messages';
const gemini = '/v1beta/models/gemini-2.5-flash:generateContent';
const geminiStream = '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse';
const interactions = '/v1beta/interactions';
const live = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const realtime = '/openai/v1/realtime?model=gpt-realtime';

const ok: Answer = { parts: [{ usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } }] };

/** All places for one spelling of the secret. */
export const echoCalls = (text: string): readonly EchoCall[] => [
  ...[chat, responses, messages, gemini, interactions, '/other/v1/x', '/openai/v1/models'].flatMap((path) => [
    ...errors(path, text),
    ...asked(path, text),
  ]),
  ...answers(text),
  ...streams(text),
  ...sessions(text),
  ...paths(text),
];

function errors(path: string, text: string): readonly EchoCall[] {
  const shapes: readonly object[] = [
    { code: text },
    { type: text },
    { status: text },
    { code: 400, status: 'INVALID_ARGUMENT', details: [{ reason: text, domain: text, metadata: { service: text } }] },
    { code: text, type: text, status: text, param: text, message: text },
  ];
  return shapes.flatMap((error, index) =>
    [400, 429, 500, 200].map((status) => ({
      place: `error ${index} of ${path} with ${status}`,
      path,
      answer: { status, reason: text, parts: [{ type: 'error', error }] },
    })),
  );
}

/** What the caller says; header values of the answer. */
function asked(path: string, text: string): readonly EchoCall[] {
  const answer: Answer = {
    ...ok,
    headers: {
      'x-request-id': text,
      'x-gemini-service-tier': text,
      'openai-version': text,
      location: text,
      [text]: text,
    },
  };
  const headers = {
    'x-aism-session': text,
    'x-aism-user': text,
    'x-aism-tag-note': `note ${text} note`,
    [`x-aism-tag-${text.replace(/[^\w.-]/g, '')}`]: 'name',
    'x-stainless-retry-count': '1',
    'idempotency-key': text,
  };
  const body = {
    model: text,
    user: text,
    safety_identifier: text,
    metadata: { user_id: text },
    labels: { note: text, [text]: 'name' },
    service_tier: text,
  };
  return [
    { place: `attribution headers of ${path}`, path, headers, answer },
    { place: `user agent of ${path}`, path, headers: { 'user-agent': `${text}/1.0 x` }, answer },
    {
      place: `SDK headers of ${path}`,
      path,
      headers: { 'x-stainless-lang': text, 'x-stainless-package-version': text },
      answer,
    },
    { place: `body of ${path}`, path, body, answer },
    { place: `model prefix of ${path}`, path, body: { ...body, model: `models/${text}` }, answer },
  ];
}

function answers(text: string): readonly EchoCall[] {
  const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, service_tier: text };
  const openai = {
    model: text,
    service_tier: text,
    status: text,
    choices: [{ finish_reason: text }],
    incomplete_details: { reason: text },
    usage,
  };
  const failed = { ...openai, status: 'failed', error: { code: text } };
  const anthropic = {
    model: text,
    stop_reason: text,
    usage: { input_tokens: 3, output_tokens: 4, service_tier: text },
  };
  const details = [{ modality: text.toUpperCase(), tokenCount: 3 }];
  const google = {
    modelVersion: text,
    candidates: [{ finishReason: text }],
    promptFeedback: { blockReason: text },
    usageMetadata: { promptTokenCount: 3, totalTokenCount: 3, trafficType: text, promptTokensDetails: details },
  };
  const interaction = {
    model: text,
    status: text,
    service_tier: text,
    usage: { total_tokens: 3, total_input_tokens: 3 },
  };
  const call = (path: string, part: object): EchoCall => ({
    place: `answer of ${path}`,
    path,
    answer: { parts: [part] },
  });
  return [
    call(chat, openai),
    call(responses, openai),
    call(responses, { ...openai, status: 'incomplete' }),
    call(responses, failed),
    call('/openai/v1/images/generations', { ...openai, data: [{ url: text }] }),
    call('/openai/v1/embeddings', openai),
    call(messages, anthropic),
    call(gemini, google),
    call('/v1beta/models/gemini-embedding-001:embedContent', google),
    call('/v1beta/cachedContents', { ...google, model: text }),
    call(interactions, interaction),
    call('/v1beta/openai/chat/completions', openai),
  ];
}

function streams(text: string): readonly EchoCall[] {
  const error = { error: { code: text, type: text, status: text, message: text } };
  const stream = (path: string, parts: readonly object[]): EchoCall => ({
    place: `stream of ${path}`,
    path,
    body: { stream: true, model: text },
    answer: { headers: { 'content-type': 'text/event-stream' }, parts: [...parts, {}] },
  });
  const details = [{ modality: text.toUpperCase(), tokenCount: 3 }];
  return [
    stream(chat, [{ model: text, service_tier: text, choices: [{ delta: { content: 'x' }, finish_reason: text }] }]),
    stream(chat, [error]),
    stream(responses, [
      { type: 'response.created', response: { id: text, model: text, service_tier: text, status: 'in_progress' } },
      {
        type: 'response.failed',
        response: { status: 'failed', error: { code: text }, incomplete_details: { reason: text } },
      },
    ]),
    stream(responses, [{ type: 'error', code: text, message: text }]),
    stream(messages, [
      { type: 'message_start', message: { model: text, usage: { input_tokens: 1, service_tier: text } } },
      { type: 'message_delta', delta: { stop_reason: text }, usage: { output_tokens: 2 } },
    ]),
    stream(messages, [{ type: 'error', ...error }]),
    stream(geminiStream, [
      { modelVersion: text, candidates: [{ finishReason: text, content: { parts: [{ text: 'x' }] } }] },
      { usageMetadata: { promptTokenCount: 3, trafficType: text, promptTokensDetails: details } },
    ]),
    stream(geminiStream, [error]),
    stream(interactions, [
      { event_type: 'interaction.complete', interaction: { id: text, model: text, status: text } },
    ]),
  ];
}

function sessions(text: string): readonly EchoCall[] {
  const failure = { code: text, type: text, status: text };
  const session = (path: string, parts: readonly object[]): EchoCall => ({
    place: `session of ${path}`,
    path,
    headers: { 'x-aism-user': text, 'x-aism-session': text, 'x-aism-tag-note': text },
    answer: { parts },
    isWebSocket: true,
  });
  const details = [{ modality: text.toUpperCase(), tokenCount: 3 }];
  return [
    session(realtime, [
      { type: 'session.created', session: { model: text } },
      { type: 'error', error: failure },
      {
        type: 'response.done',
        response: {
          id: text,
          status: text,
          status_details: { reason: text, error: failure },
          usage: { total_tokens: 1 },
        },
      },
    ]),
    session(`/openai/v1/realtime?model=${encodeURIComponent(text)}`, []),
    session(live, [
      { serverContent: { turnComplete: true } },
      { usageMetadata: { promptTokenCount: 3, serviceTier: text, trafficType: text, promptTokensDetails: details } },
    ]),
  ];
}

function paths(text: string): readonly EchoCall[] {
  const inPath = encodeURIComponent(text);
  return [
    `/v1beta/models/${inPath}:generateContent`,
    `/v1beta/tunedModels/${inPath}:generateContent`,
    `/v1beta/models/gemini-2.5-flash:${inPath}`,
    `/v1beta/files/abc:${text.replace(/[^a-z]/gi, '')}`,
    `/v1beta/files/${inPath}`,
    `/openai/openai/deployments/${inPath}/chat/completions?api-version=2024-10-21`,
    `/openai/v1/${inPath}/chat/completions`,
    `/anthropic/v1/${inPath}/messages`,
    `/other/bot${inPath}/send`,
    `/other/v1/${inPath}`,
    `/other/v1/${inPath}/x?next=${inPath}`,
  ].map((path) => ({ place: path.replace(inPath, '…'), path, answer: ok }));
}
