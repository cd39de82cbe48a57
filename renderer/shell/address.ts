/**
 * What the address bar keeps, so that a reload, a bookmark or a link opens the same view: `#/overview?source=snowflake`,
 * `#/settings/snowflake`, `#/costs?compare=previous&range=7d`, `#/requests?from=2026-11-24T08:00:00.000Z&to=2026-11-24T09:00:00.000Z`. Pure.
 */
import { RangePreset, type QuestionSource } from '../../contract/analytics.ts';
import { screenIds, type Screen } from '../../contract/ipc.ts';

import { customPeriod, initialRange, samePeriod, type Period } from '../range/range-state.ts';

export type { Screen };

/** A place a person can go to; `section` is the part of the settings, null where a screen has no parts. */
export interface Place {
  readonly screen: Screen;
  readonly section: string | null;
}

export interface Address extends Place {
  readonly source: QuestionSource;
  readonly compare?: boolean; // with the previous period
  readonly period?: Period; // absent: the one a window opens with
}

/** Anything unknown is the overview of this gateway. */
export function addressOf(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name = '', section] = path.split('/');
  const screen = screenIds.find((id) => id === name) ?? 'overview';
  const words = new URLSearchParams(query);
  const source = words.get('source') === 'snowflake' ? 'snowflake' : 'duckdb';
  const place = { screen, section: screen === 'settings' && section !== undefined && section !== '' ? section : null };
  const period = periodOf(words);
  return {
    ...place,
    source,
    ...(words.get('compare') === 'previous' ? { compare: true } : {}),
    ...(period === null ? {} : { period }),
  };
}

function periodOf(words: URLSearchParams): Period | null {
  const preset = RangePreset.safeParse(words.get('range')).data;
  if (preset !== undefined) return { kind: 'preset', preset };
  return customPeriod(Date.parse(words.get('from') ?? ''), Date.parse(words.get('to') ?? ''));
}

function periodWords(period: Period | undefined): string[] {
  if (period === undefined || samePeriod(period, initialRange().period)) return [];
  if (period.kind === 'preset') return [`range=${period.preset}`];
  return [`from=${new Date(period.fromMs).toISOString()}`, `to=${new Date(period.toMs).toISOString()}`];
}

export function hashOf({ screen, section, source, compare = false, period }: Address): string {
  const part = section === null ? '' : `/${section}`;
  const words = [
    ...(source === 'snowflake' ? ['source=snowflake'] : []),
    ...(compare ? ['compare=previous'] : []),
    ...periodWords(period),
  ];
  return `#/${screen}${part}${words.length === 0 ? '' : `?${words.join('&')}`}`;
}

export function samePlace(a: Place, b: Place): boolean {
  return a.screen === b.screen && a.section === b.section;
}
