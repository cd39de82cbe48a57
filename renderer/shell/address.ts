/**
 * What the address bar keeps, so that a reload, a bookmark or a link opens the same view: `#/overview?source=snowflake`,
 * `#/settings/snowflake`. Pure.
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
}

/** Anything unknown is the overview of this gateway. */
export function addressOf(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name = '', section] = path.split('/');
  const screen = screenIds.find((id) => id === name) ?? 'overview';
  const source = new URLSearchParams(query).get('source') === 'snowflake' ? 'snowflake' : 'duckdb';
  return { screen, section: screen === 'settings' && section !== undefined && section !== '' ? section : null, source };
}

export function hashOf({ screen, section, source }: Address): string {
  const part = section === null ? '' : `/${section}`;
  return `#/${screen}${part}${source === 'snowflake' ? '?source=snowflake' : ''}`;
}

export function samePlace(a: Place, b: Place): boolean {
  return a.screen === b.screen && a.section === b.section;
}
