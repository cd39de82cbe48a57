/** One upstream as it is typed, the list it goes into, and what is wrong with it. Pure. */
import { UpstreamSetting } from '../../../../contract/app-settings.ts';
import { defaultUpstreams, isReservedUpstream, upstreamOrigin } from '../../../../contract/upstreams.ts';

export interface UpstreamDraft {
  readonly name: string;
  readonly url: string;
  readonly provider: UpstreamSetting['provider'];
}
export type UpstreamField = 'name' | 'url';

export const newUpstream: UpstreamDraft = { name: '', url: '', provider: null };

export interface CheckedUpstream {
  readonly entry: UpstreamSetting | null;
  readonly problems: ReadonlyMap<UpstreamField, string>;
}

/** @param taken names of the others */
export function checkUpstream(draft: UpstreamDraft, taken: readonly string[]): CheckedUpstream {
  const entry = { name: draft.name.trim(), url: draft.url.trim(), provider: draft.provider };
  const problems = new Map<UpstreamField, string>();
  for (const { path, message } of UpstreamSetting.safeParse(entry).error?.issues ?? []) {
    const field = path[0] === 'url' ? 'url' : 'name';
    if (!problems.has(field)) problems.set(field, message);
  }
  if (isReservedUpstream(entry.name)) problems.set('name', `"${entry.name}" is a path of the gateway itself`);
  if (taken.includes(entry.name)) problems.set('name', `There is an upstream called "${entry.name}" already`);
  if (upstreamOrigin(entry.url) === null) {
    problems.set('url', 'Accepted: an http(s) address without user name, query or fragment');
  }
  return { entry: problems.size === 0 ? entry : null, problems };
}

export const isDefaultName = (name: string): name is keyof typeof defaultUpstreams =>
  Object.hasOwn(defaultUpstreams, name);

/** The list with this entry in place of one of that name; a default at its usual address is no entry. */
export function withUpstream(
  list: readonly UpstreamSetting[],
  replaced: string | null,
  entry: UpstreamSetting,
): UpstreamSetting[] {
  const { name, url, provider } = entry;
  const usual = isDefaultName(name) && provider === null && sameAddress(url, defaultUpstreams[name]);
  const at = list.findIndex((known) => known.name === replaced);
  if (usual) return list.filter((_known, index) => index !== at);
  return at === -1 ? [...list, entry] : list.map((known, index) => (index === at ? entry : known));
}

const sameAddress = (a: string, b: string): boolean => upstreamOrigin(a)?.href === upstreamOrigin(b)?.href;
