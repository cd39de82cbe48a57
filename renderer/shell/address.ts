/**
 * What the address bar keeps, so that a reload, a bookmark or a link opens the same view: `#/overview?source=snowflake`,
 * `#/settings/snowflake`, `#/costs?compare=previous`. Pure.
 */
import type { QuestionSource } from '../../contract/analytics.ts';
import { screenIds, type Screen } from '../../contract/ipc.ts';

export type { Screen };

/** A place a person can go to; `section` is the part of the settings, null where a screen has no parts. */
export interface Place {
  readonly screen: Screen;
  readonly section: string | null;
}

export interface Address extends Place {
  readonly source: QuestionSource;
  readonly compare?: boolean; // with the previous period
}

/** Anything unknown is the overview of this gateway. */
export function addressOf(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name = '', section] = path.split('/');
  const screen = screenIds.find((id) => id === name) ?? 'overview';
  const words = new URLSearchParams(query);
  const source = words.get('source') === 'snowflake' ? 'snowflake' : 'duckdb';
  const place = { screen, section: screen === 'settings' && section !== undefined && section !== '' ? section : null };
  return { ...place, source, ...(words.get('compare') === 'previous' ? { compare: true } : {}) };
}

export function hashOf({ screen, section, source, compare = false }: Address): string {
  const part = section === null ? '' : `/${section}`;
  const words = [...(source === 'snowflake' ? ['source=snowflake'] : []), ...(compare ? ['compare=previous'] : [])];
  return `#/${screen}${part}${words.length === 0 ? '' : `?${words.join('&')}`}`;
}

export function samePlace(a: Place, b: Place): boolean {
  return a.screen === b.screen && a.section === b.section;
}
