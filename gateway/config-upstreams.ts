/** Upstreams: the three defaults, then every layer from weak to strong adds or replaces by name. */
import { AppError } from '../contract/errors.ts';
import { defaultUpstreams, isReservedUpstream, upstreamOrigin } from '../contract/upstreams.ts';
import { Provider } from '../contract/usage-record.ts';
import type { Layer, UpstreamText } from './config-layers.ts';
import { badValue } from './config-values.ts';
import type { Upstream } from './config.ts';

const accepts =
  'name=url or name:provider=url, with an http(s) URL without user, query or fragment; providers: google, openai, anthropic, other';

export function readUpstreams(layers: readonly Layer[]): readonly Upstream[] {
  const byName = new Map<string, Upstream>();
  const builtIn = Object.entries(defaultUpstreams).map(([name, url]) => ({
    spec: `${name}=${url}`,
    name,
    source: 'defaults',
  }));
  for (const text of [...builtIn, ...layers.toReversed().flatMap((layer) => layer.upstreams())]) {
    const upstream = parseUpstream(text);
    byName.set(upstream.name, upstream);
  }
  return [...byName.values()];
}

function parseUpstream(text: UpstreamText): Upstream {
  const match = /^(?<name>[a-z0-9][a-z0-9-]{0,62})(:(?<provider>[a-z]+))?=(?<url>.+)$/.exec(text.spec);
  const { name, provider, url } = match?.groups ?? {};
  if (name === undefined || url === undefined) throw badValue(text, withoutUserInfo(text.spec), accepts);
  if (isReservedUpstream(name)) {
    throw new AppError('bad_config', `${text.name} uses the reserved upstream name "${name}". Choose another name.`, {
      field: text.name,
    });
  }
  const origin = upstreamOrigin(url);
  const parsed =
    provider === undefined ? { success: true, data: guessProvider(name, origin) } : Provider.safeParse(provider);
  if (origin === null || !parsed.success || parsed.data === undefined)
    throw badValue(text, withoutUserInfo(text.spec), accepts);
  return { name, provider: parsed.data, origin };
}

/** A rejected URL may hold a password or a key: what is printed keeps neither. */
const withoutUserInfo = (spec: string): string => spec.replace(/\/\/[^/@]*@/, '//…@').replace(/\?.*$/, '?…');

const knownHosts: readonly (readonly [RegExp, Provider])[] = [
  [/(^|\.)googleapis\.com$/, 'google'],
  [/(^|\.)(openai\.com|openai\.azure\.com)$/, 'openai'],
  [/(^|\.)anthropic\.com$/, 'anthropic'],
];
const knownNames: readonly (readonly [RegExp, Provider])[] = [
  [/gemini|google|vertex/, 'google'],
  [/openai|azure/, 'openai'],
  [/anthropic|claude/, 'anthropic'],
];

function guessProvider(name: string, origin: URL | null): Provider {
  const byHost = knownHosts.find(([pattern]) => origin !== null && pattern.test(origin.hostname));
  const byName = knownNames.find(([pattern]) => pattern.test(name));
  return (byHost ?? byName)?.[1] ?? 'other';
}
