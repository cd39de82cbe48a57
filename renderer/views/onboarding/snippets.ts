/** Ready-to-run code for pointing a client at the gateway. Keys come from the environment, as the vendors' own guides do it. Pure. */
import type { About } from '../../../contract/gateway-api.ts';

export type Sdk = 'gemini' | 'openai' | 'anthropic';
export type Language = 'js' | 'python' | 'curl';

export interface Snippet {
  readonly code: string;
  /** The one changed line's value. */
  readonly baseUrl: string;
}

export const sdks: readonly { readonly value: Sdk; readonly label: string }[] = [
  { value: 'gemini', label: 'Gemini' },
  { value: 'openai', label: 'OpenAI' },
  { value: 'anthropic', label: 'Anthropic' },
];

export const languages: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'js', label: 'JavaScript' },
  { value: 'python', label: 'Python' },
  { value: 'curl', label: 'curl' },
];

const providers = { gemini: 'google', openai: 'openai', anthropic: 'anthropic' } as const satisfies Record<Sdk, string>;

type KnownUpstream = Pick<About['upstreams'][number], 'name' | 'origin' | 'provider' | 'baseUrl'>;

/**
 * The base URL an SDK needs. The gateway keeps what follows its prefix, and OpenAI's SDKs expect the version inside the base URL while the
 * other two add it themselves; an upstream configured with a version in its path has it already.
 */
export function sdkBaseUrl(sdk: Sdk, gatewayUrl: string, upstreams: readonly KnownUpstream[]): string {
  const upstream =
    upstreams.find(({ name }) => name === sdk) ?? upstreams.find(({ provider }) => provider === providers[sdk]);
  const base = (upstream?.baseUrl ?? `${gatewayUrl}/${sdk}`).replace(/\/+$/, '');
  const versioned = upstream !== undefined && /\/v\d+\w*\/?$/.test(upstream.origin);
  return sdk === 'openai' && !versioned ? `${base}/v1` : base;
}

export function snippet(sdk: Sdk, language: Language, baseUrl: string): Snippet {
  return { code: templates[sdk][language](baseUrl), baseUrl };
}

type Templates = Readonly<Record<Sdk, Readonly<Record<Language, (baseUrl: string) => string>>>>;

const templates: Templates = {
  gemini: {
    js: (baseUrl) => `import { GoogleGenAI } from '@google/genai';

const ai = new GoogleGenAI({
  apiKey: process.env.GEMINI_API_KEY,
  httpOptions: { baseUrl: '${baseUrl}' },
});

const answer = await ai.models.generateContent({
  model: 'gemini-2.5-flash',
  contents: 'Say hello',
});
console.log(answer.text);`,
    python: (baseUrl) => `import os
from google import genai
from google.genai import types

client = genai.Client(
    api_key=os.environ["GEMINI_API_KEY"],
    http_options=types.HttpOptions(base_url="${baseUrl}"),
)
answer = client.models.generate_content(
    model="gemini-2.5-flash", contents="Say hello"
)
print(answer.text)`,
    curl: (baseUrl) => `curl "${baseUrl}/v1beta/models/gemini-2.5-flash:generateContent" \\
  -H "x-goog-api-key: $GEMINI_API_KEY" \\
  -H "content-type: application/json" \\
  -d '{"contents":[{"parts":[{"text":"Say hello"}]}]}'`,
  },
  openai: {
    js: (baseUrl) => `import OpenAI from 'openai';

const openai = new OpenAI({
  apiKey: process.env.OPENAI_API_KEY,
  baseURL: '${baseUrl}',
});

const answer = await openai.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Say hello' }],
});
console.log(answer.choices[0].message.content);`,
    python: (baseUrl) => `import os
from openai import OpenAI

client = OpenAI(
    api_key=os.environ["OPENAI_API_KEY"],
    base_url="${baseUrl}",
)
answer = client.chat.completions.create(
    model="gpt-4o-mini",
    messages=[{"role": "user", "content": "Say hello"}],
)
print(answer.choices[0].message.content)`,
    curl: (baseUrl) => `curl "${baseUrl}/chat/completions" \\
  -H "authorization: Bearer $OPENAI_API_KEY" \\
  -H "content-type: application/json" \\
  -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Say hello"}]}'`,
  },
  anthropic: {
    js: (baseUrl) => `import Anthropic from '@anthropic-ai/sdk';

const anthropic = new Anthropic({
  apiKey: process.env.ANTHROPIC_API_KEY,
  baseURL: '${baseUrl}',
});

const answer = await anthropic.messages.create({
  model: 'claude-sonnet-4-5',
  max_tokens: 256,
  messages: [{ role: 'user', content: 'Say hello' }],
});
console.log(answer.content);`,
    python: (baseUrl) => `import os
from anthropic import Anthropic

client = Anthropic(
    api_key=os.environ["ANTHROPIC_API_KEY"],
    base_url="${baseUrl}",
)
answer = client.messages.create(
    model="claude-sonnet-4-5",
    max_tokens=256,
    messages=[{"role": "user", "content": "Say hello"}],
)
print(answer.content)`,
    curl: (baseUrl) => `curl "${baseUrl}/v1/messages" \\
  -H "x-api-key: $ANTHROPIC_API_KEY" \\
  -H "anthropic-version: 2023-06-01" \\
  -H "content-type: application/json" \\
  -d '{"model":"claude-sonnet-4-5","max_tokens":256,"messages":[{"role":"user","content":"Say hello"}]}'`,
  },
};
