/** Which calls the sample traffic makes: a small made-up team with four apps, six people and the models they like. */
import { sampleUpstreamPrefix } from '../../contract/usage-record.ts';
import type { Random } from './answer-plan.ts';

export interface SampleCall {
  readonly path: string; // on the gateway
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly abortAfterMs: number | null; // the client walks away
}

const apps = [
  { key: 'sample-key-support-bot-0000000001', team: 'support', session: 'support' },
  { key: 'sample-key-search-rank-0000000002', team: 'search', session: 'search' },
  { key: 'sample-key-data-extract-0000000003', team: 'data', session: 'extract' },
  { key: 'sample-key-code-review-0000000004', team: 'platform', session: 'review' },
] as const;
const people = ['amara', 'bruno', 'chen', 'dalia', 'elif', 'farid'] as const;

const geminiModels = [
  'gemini-3.8-flash',
  'gemini-3.8-flash',
  'gemini-3.1-pro-preview',
  'gemini-3.5-flash-lite',
] as const;
const openaiModels = ['gpt-6-luna', 'gpt-6-sol', 'gpt-5.4-mini'] as const;
const anthropicModels = ['claude-sonnet-5', 'claude-haiku-4-5'] as const;

const prompt = 'Sample traffic: please answer briefly.';

export function drawCall(random: Random): SampleCall {
  const app = pick(random, apps);
  const draw = random();
  const route =
    draw < 0.6 ? gemini(random, app.key) : draw < 0.82 ? openai(random, app.key) : anthropic(random, app.key);
  return {
    path: route.path,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'ai-studio-monitor-sample/1.0',
      'x-aism-user': pick(random, people),
      'x-aism-session': `${app.session}-${1 + Math.floor(random() * 5)}`,
      'x-aism-tag-team': app.team,
      ...route.headers,
    },
    body: JSON.stringify(route.body),
    abortAfterMs: random() < 0.015 ? Math.round(300 + random() * 900) : null,
  };
}

function gemini(random: Random, key: string) {
  const model = pick(random, geminiModels);
  const draw = random();
  const method =
    draw < 0.4 ? 'generateContent' : draw < 0.9 ? 'streamGenerateContent?alt=sse' : 'streamGenerateContent';
  return {
    path: `/${sampleUpstreamPrefix}gemini/v1beta/models/${model}:${method}`,
    headers: { 'x-goog-api-key': key },
    body: { contents: [{ role: 'user', parts: [{ text: prompt }] }] },
  };
}

function openai(random: Random, key: string) {
  const stream = random() < 0.6;
  return {
    path: `/${sampleUpstreamPrefix}openai/v1/chat/completions`,
    headers: { authorization: `Bearer ${key}` },
    body: {
      model: pick(random, openaiModels),
      messages: [{ role: 'user', content: prompt }],
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
    },
  };
}

function anthropic(random: Random, key: string) {
  return {
    path: `/${sampleUpstreamPrefix}anthropic/v1/messages`,
    headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
    body: {
      model: pick(random, anthropicModels),
      max_tokens: 1024,
      messages: [{ role: 'user', content: prompt }],
      stream: random() < 0.7,
    },
  };
}

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from');
  return item;
}
