/** What the window shows around the data: screen, period, settings, gateway status, open sheet, messages. Pure. */
import type { QuestionSource } from '../../contract/analytics.ts';
import type { GatewayStatus, UiSettings } from '../../contract/ipc.ts';
import { chartTheme, type ChartTheme } from '../charts/chart-theme.ts';
import { initialChartView, type ChartView } from '../charts/chart-view.ts';
import { noFilter, type LiveFilter } from '../live/live-filter.ts';
import type { TailRow } from '../live/tail.ts';
import { initialRange, type RangeState } from '../range/range-state.ts';
import { noRequestFilter, type RequestFilter } from '../requests/request-filter.ts';
import type { Address, Place, Screen } from './address.ts';
import type { NewPrice } from './new-price.ts';
import type { ResolvedTheme } from './theme.ts';

export type Sheet = 'shortcuts' | 'palette';

export interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

export interface ShellState {
  readonly screen: Screen;
  readonly section: string | null; // the part of the settings that is open; null = the first
  readonly source: QuestionSource; // whose calls the analytics screens speak of: this gateway's or the fleet's
  readonly unsaved: readonly string[]; // what on this screen was changed and not saved, for example 'Snowflake settings'
  readonly leavingTo: Place | null; // where a person wants to go while something is unsaved
  readonly newPrice: NewPrice | null; // the price form is to open with this filled in
  readonly sheet: Sheet | null;
  readonly firstSteps: 'first' | 'again' | null; // open at the first launch, or asked for again; null = not shown
  readonly range: RangeState;
  readonly chartView: ChartView;
  readonly settings: UiSettings;
  readonly theme: ResolvedTheme;
  readonly chartTheme: ChartTheme; // the tokens of `theme`
  readonly status: GatewayStatus | null;
  readonly statusAtMs: number; // when `status` arrived: `retryInMs` counts from then
  readonly pausedByRange: boolean; // the pause came from choosing a past period, so a live one ends it
  readonly liveFilter: LiveFilter;
  readonly requestFilter: RequestFilter;
  readonly listedCalls: readonly TailRow[]; // what the Requests screen lists, for its keys
  readonly selectedCallId: string | null; // the row the keyboard is on
  readonly peeking: boolean; // the details of that row are open
  readonly unauthorized: boolean;
  readonly toasts: readonly Toast[];
}

export function initialShell(settings: UiSettings, { period, compare = false, ...place }: Address): ShellState {
  return {
    ...place,
    unsaved: [],
    leavingTo: null,
    newPrice: null,
    sheet: null,
    firstSteps: settings.onboarded ? null : 'first',
    range: { ...initialRange(), ...(period === undefined ? {} : { period }) },
    chartView: { ...initialChartView, compare: compare },
    settings,
    theme: 'dark',
    chartTheme: chartTheme(() => ''),
    status: null,
    statusAtMs: 0,
    pausedByRange: false,
    liveFilter: noFilter,
    requestFilter: noRequestFilter,
    listedCalls: [],
    selectedCallId: null,
    peeking: false,
    unauthorized: false,
    toasts: [],
  };
}

const toastLimit = 3;

export function withToast(state: ShellState, toast: Toast): ShellState {
  return { ...state, toasts: [...state.toasts, toast].slice(-toastLimit) };
}

export function withoutToast(state: ShellState, id: number): ShellState {
  return { ...state, toasts: state.toasts.filter((toast) => toast.id !== id) };
}
