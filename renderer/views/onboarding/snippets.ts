/** Ready-to-run code for pointing a client at the gateway. Keys come from the environment, as the vendors' own guides do it. Pure. */
import type { About } from '../../../contract/gateway-api.ts';
import { curlTemplates, sdkTemplates, vercelTemplates, type Template } from './snippet-templates.ts';

export type Api = 'gemini' | 'openai' | 'anthropic';
export type Client = Api | 'vercel' | 'curl';
export type Language = 'js' | 'python';

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

export const apis: readonly Option<Api>[] = [
  { value: 'gemini', label: 'Gemini' },
  { value: 'openai', label: 'OpenAI' },
  { value: 'anthropic', label: 'Anthropic' },
];
export const clients: readonly Option<Client>[] = [
  ...apis,
  { value: 'vercel', label: 'Vercel AI' },
  { value: 'curl', label: 'curl' },
];
export const languages: readonly Option<Language>[] = [
  { value: 'js', label: 'JavaScript' },
  { value: 'python', label: 'Python' },
];

/** What a person chose; the language counts for the vendors' own SDKs, the API for the clients that speak to all of them. */
export interface Choice {
  readonly client: Client;
  readonly api: Api;
  readonly language: Language;
}

export const firstChoice: Choice = { client: 'gemini', api: 'gemini', language: 'js' };

export interface Snippet {
  readonly code: string;
  /** The one changed line's value. */
  readonly baseUrl: string;
  /** What has to be there before the code runs. */
  readonly install: string | null;
  readonly keyName: string;
}

export const choosesApi = ({ client }: Choice): boolean => client === 'vercel' || client === 'curl';

const providers = { gemini: 'google', openai: 'openai', anthropic: 'anthropic' } as const satisfies Record<Api, string>;
const keyNames = { gemini: 'GEMINI_API_KEY', openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY' } as const;
/** What a client expects inside its base URL: the Vercel AI SDK adds no version itself, of the vendors' own only OpenAI's does not. */
const versions = {
  sdk: { gemini: '', openai: '/v1', anthropic: '' },
  vercel: { gemini: '/v1beta', openai: '/v1', anthropic: '/v1' },
} as const satisfies Record<string, Record<Api, string>>;

type KnownUpstream = Pick<About['upstreams'][number], 'name' | 'origin' | 'provider' | 'baseUrl'>;

/** The base URL a client needs. The gateway keeps what follows its prefix; an upstream with a version in its path has that already. */
export function baseUrlOf(
  api: Api,
  style: keyof typeof versions,
  gatewayUrl: string,
  upstreams: readonly KnownUpstream[],
): string {
  const upstream =
    upstreams.find(({ name }) => name === api) ?? upstreams.find(({ provider }) => provider === providers[api]);
  const base = (upstream?.baseUrl ?? `${gatewayUrl}/${api}`).replace(/\/+$/, '');
  const versioned = upstream !== undefined && /\/v\d+\w*\/?$/.test(upstream.origin);
  return versioned ? base : `${base}${versions[style][api]}`;
}

export function snippet(choice: Choice, gatewayUrl: string, upstreams: readonly KnownUpstream[]): Snippet {
  const api = apiOf(choice);
  const baseUrl = baseUrlOf(api, choice.client === 'vercel' ? 'vercel' : 'sdk', gatewayUrl, upstreams);
  const { install, code } = templateOf(choice);
  return { code: code(baseUrl), baseUrl, install, keyName: keyNames[api] };
}

const apiOf = ({ client, api }: Choice): Api => (client === 'vercel' || client === 'curl' ? api : client);

function templateOf({ client, api, language }: Choice): Template {
  if (client === 'vercel') return vercelTemplates[api];
  if (client === 'curl') return curlTemplates[api];
  return sdkTemplates[client][language];
}
