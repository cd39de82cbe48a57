/** The code itself, as functions of the base URL. Pure. */
import type { Api, Language } from './snippets.ts';

export interface Template {
  readonly install: string | null; // curl is there
  readonly code: (baseUrl: string) => string;
}

export const sdkTemplates: Readonly<Record<Api, Readonly<Record<Language, Template>>>> = {
  gemini: {
    js: {
      install: 'npm install @google/genai',
      code: (baseUrl) => `import { GoogleGenAI } from '@google/genai';

const ai = new GoogleGenAI({
  apiKey: process.env.GEMINI_API_KEY,
  httpOptions: { baseUrl: '${baseUrl}' },
});

const answer = await ai.models.generateContent({
  model: 'gemini-2.5-flash',
  contents: 'Say hello',
});
console.log(answer.text);`,
    },
    python: {
      install: 'pip install google-genai',
      code: (baseUrl) => `import os
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
    },
  },
  openai: {
    js: {
      install: 'npm install openai',
      code: (baseUrl) => `import OpenAI from 'openai';

const openai = new OpenAI({
  apiKey: process.env.OPENAI_API_KEY,
  baseURL: '${baseUrl}',
});

const answer = await openai.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Say hello' }],
});
console.log(answer.choices[0].message.content);`,
    },
    python: {
      install: 'pip install openai',
      code: (baseUrl) => `import os
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
    },
  },
  anthropic: {
    js: {
      install: 'npm install @anthropic-ai/sdk',
      code: (baseUrl) => `import Anthropic from '@anthropic-ai/sdk';

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
    },
    python: {
      install: 'pip install anthropic',
      code: (baseUrl) => `import os
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
    },
  },
};

export const curlTemplates: Readonly<Record<Api, Template>> = {
  gemini: {
    install: null,
    code: (baseUrl) => `curl "${baseUrl}/v1beta/models/gemini-2.5-flash:generateContent" \\
  -H "x-goog-api-key: $GEMINI_API_KEY" \\
  -H "content-type: application/json" \\
  -d '{"contents":[{"parts":[{"text":"Say hello"}]}]}'`,
  },
  openai: {
    install: null,
    code: (baseUrl) => `curl "${baseUrl}/chat/completions" \\
  -H "authorization: Bearer $OPENAI_API_KEY" \\
  -H "content-type: application/json" \\
  -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Say hello"}]}'`,
  },
  anthropic: {
    install: null,
    code: (baseUrl) => `curl "${baseUrl}/v1/messages" \\
  -H "x-api-key: $ANTHROPIC_API_KEY" \\
  -H "anthropic-version: 2023-06-01" \\
  -H "content-type: application/json" \\
  -d '{"model":"claude-sonnet-4-5","max_tokens":256,"messages":[{"role":"user","content":"Say hello"}]}'`,
  },
};

export const vercelTemplates: Readonly<Record<Api, Template>> = {
  gemini: {
    install: 'npm install ai @ai-sdk/google',
    code: (baseUrl) => `import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { generateText } from 'ai';

const google = createGoogleGenerativeAI({
  apiKey: process.env.GEMINI_API_KEY,
  baseURL: '${baseUrl}',
});

const { text } = await generateText({
  model: google('gemini-2.5-flash'),
  prompt: 'Say hello',
});
console.log(text);`,
  },
  openai: {
    install: 'npm install ai @ai-sdk/openai',
    code: (baseUrl) => `import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';

const openai = createOpenAI({
  apiKey: process.env.OPENAI_API_KEY,
  baseURL: '${baseUrl}',
});

const { text } = await generateText({
  model: openai('gpt-4o-mini'),
  prompt: 'Say hello',
});
console.log(text);`,
  },
  anthropic: {
    install: 'npm install ai @ai-sdk/anthropic',
    code: (baseUrl) => `import { createAnthropic } from '@ai-sdk/anthropic';
import { generateText } from 'ai';

const anthropic = createAnthropic({
  apiKey: process.env.ANTHROPIC_API_KEY,
  baseURL: '${baseUrl}',
});

const { text } = await generateText({
  model: anthropic('claude-sonnet-4-5'),
  prompt: 'Say hello',
});
console.log(text);`,
  },
};
