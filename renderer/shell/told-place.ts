/**
 * Where a notice of the desktop leads: a screen with its calls and period. An open page is told; a page that is only being opened finds it
 * in its address (`#/requests?view=…`). Pure but for the actions it takes.
 */
import { Navigate, type TellPayload } from '../../contract/ipc.ts';
import { addressOf } from './address.ts';
import type { ShellActions } from './shell-store.ts';

export type ToldPlace = TellPayload<'navigate'>;

type Goer = Pick<ShellActions, 'chooseSource' | 'choosePeriod' | 'filterRequests' | 'go'>;

/** What a notice speaks of happened at this gateway, so the fleet is left. */
export function goToPlace(actions: Goer, { screen, section, filter, range }: ToldPlace): void {
  if (range !== undefined) actions.choosePeriod({ kind: 'preset', preset: range });
  if (filter !== undefined) {
    actions.chooseSource('duckdb');
    actions.filterRequests({ search: '', filter });
  }
  actions.go(screen, section);
}

/** The calls and period an address asks for; null where it asks for none, or not in our words. */
export function placeInAddress(hash: string): ToldPlace | null {
  const view = new URLSearchParams(hash.split('?')[1] ?? '').get('view');
  if (view === null) return null;
  const { screen, section } = addressOf(hash);
  const parsed = Navigate.safeParse({ ...record(view), screen, ...(section === null ? {} : { section }) });
  return parsed.success ? parsed.data : null;
}

function record(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {}; // not JSON: the screen alone
  }
}
