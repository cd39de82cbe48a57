/** The store of the shell and the actions people take. Made by the composition root, one per window. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { QuestionSource } from '../../contract/analytics.ts';
import type { AskInput, Bridge, GatewayStatus, UiSettings } from '../../contract/ipc.ts';
import type { ChartTheme } from '../charts/chart-theme.ts';
import type { ChartView } from '../charts/chart-view.ts';
import type { LiveFilter } from '../live/live-filter.ts';
import { pauseLive, resumeLive } from '../live/live-state.ts';
import type { LiveStore } from '../live/live-store.ts';
import { goBack, goForward, goTo, isLivePeriod, zoomOut, type Period, type RangeState } from '../range/range-state.ts';
import { shownZone } from '../format/time.ts';
import type { RequestFilter } from '../requests/request-filter.ts';
import { samePlace, type Address, type Place, type Screen } from './address.ts';
import type { NewPrice } from './new-price.ts';
import { initialShell, withoutToast, withToast, type Sheet, type ShellState, type Toast } from './shell-state.ts';
import type { ResolvedTheme } from './theme.ts';

export type ShellStore = StoreApi<ShellState>;

export interface ShellActions {
  /** Opens a screen, or a part of the settings. Asks first where something is unsaved. */
  go(screen: Screen, section?: string): void;
  /** What the open screen has changed and not saved, for example 'Snowflake settings'; may be several things at once. */
  markUnsaved(what: string, unsaved: boolean): void;
  /** The answer to the question that {@link ShellActions.go} asked. */
  leaveUnsaved(leave: boolean): void;
  /** Opens the price form with provider and model filled in; null when it has taken them. */
  addPrice(wanted: NewPrice | null): void;
  chooseSource(source: QuestionSource): void;
  openSheet(sheet: Sheet | null): void;
  /** Opens the first steps over the screen; refused with a word where something is unsaved. */
  showFirstSteps(): void;
  /** Finished or skipped: they do not come by themselves again. */
  endFirstSteps(): void;
  choosePeriod(period: Period): void;
  backInRange(): void;
  forwardInRange(): void;
  zoomOut(): void;
  /** Compares with the previous period, groups, measures: what is not named stays. */
  viewCharts(change: Partial<ChartView>): void;
  toggleCompare(): void;
  toggleLive(): void;
  filterLive(filter: LiveFilter): void;
  filterRequests(filter: RequestFilter): void;
  /** Opens the Requests screen with these filters. */
  showRequests(filter: RequestFilter): void;
  selectCall(callId: string | null): void;
  /** Opens the details of a call; null closes them and keeps the row. */
  peek(callId: string | null): void;
  save(change: AskInput<'saveUiSettings'>): Promise<void>;
  copy(text: string, what: string): Promise<void>;
  notify(tone: Toast['tone'], text: string): void;
  takeStatus(status: GatewayStatus): void;
  takeSettings(settings: UiSettings): void;
  takeTheme(theme: ResolvedTheme, chartTheme: ChartTheme): void;
  refuse(): void;
}

export interface ShellDeps {
  readonly bridge: Bridge;
  readonly live: LiveStore;
  readonly settings: UiSettings;
  readonly address: Address;
  readonly now: () => number;
}

const toastMs = 4000;

export function createShell({ bridge, live, settings, address, now }: ShellDeps): {
  store: ShellStore;
  actions: ShellActions;
} {
  const store = createStore<ShellState>(() => initialShell(settings, address));
  const set = (change: Partial<ShellState>): void => store.setState(change);
  const range = rangeActions(store, live, now);
  range.choosePeriod(store.getState().range.period); // one in the past, out of the address, pauses
  const notify = createNotify(store);
  const host = hostActions(store, bridge, notify);
  const actions: ShellActions = {
    ...range,
    ...placeActions(store),
    ...host,
    ...firstStepsActions(store, host.save, notify),
    notify,
    addPrice: (newPrice) => {
      set({ newPrice });
      if (newPrice !== null) actions.go('settings', 'prices');
    },
    chooseSource: (source) => set({ source }),
    viewCharts: (change) => store.setState(({ chartView }) => ({ chartView: { ...chartView, ...change } })),
    toggleCompare: () => actions.viewCharts({ compare: !store.getState().chartView.compare }),
    openSheet: (sheet) => set({ sheet }),
    filterLive: (liveFilter) => set({ liveFilter }),
    filterRequests: (requestFilter) => set({ requestFilter }),
    showRequests: (requestFilter) => {
      set({ requestFilter });
      actions.go('requests');
    },
    selectCall: (selectedCallId) => set({ selectedCallId }),
    peek: (callId) => set(callId === null ? { peeking: false } : { selectedCallId: callId, peeking: true }),
    takeStatus: (status) => set({ status, statusAtMs: now() }),
    takeSettings: (next) => set({ settings: next }),
    takeTheme: (theme, chartTheme) => set({ theme, chartTheme }),
    refuse: () => set({ unauthorized: true }),
  };
  return { store, actions };
}

/** What the host does for the shell, with a word about how it went. */
function hostActions(
  store: ShellStore,
  bridge: Bridge,
  notify: ShellActions['notify'],
): Pick<ShellActions, 'save' | 'copy'> {
  return {
    async save(change) {
      const answer = await bridge.ask('saveUiSettings', change);
      if (answer.ok) store.setState({ settings: answer.value });
      else notify('bad', `Settings were not saved: ${answer.message}`);
    },
    async copy(text, what) {
      const answer = await bridge.ask('copyText', text);
      if (answer.ok) notify('good', `${what} copied`);
      else notify('bad', `${what} was not copied: ${answer.message}`);
    },
  };
}

function firstStepsActions(
  store: ShellStore,
  save: ShellActions['save'],
  notify: ShellActions['notify'],
): Pick<ShellActions, 'showFirstSteps' | 'endFirstSteps'> {
  return {
    showFirstSteps() {
      const [unsaved] = store.getState().unsaved;
      if (unsaved === undefined) store.setState({ firstSteps: 'again', sheet: null });
      else notify('bad', `${unsaved}: save or undo the changes first`);
    },
    endFirstSteps() {
      store.setState({ firstSteps: null });
      void save({ onboarded: true });
    },
  };
}

type PlaceActions = Pick<ShellActions, 'go' | 'markUnsaved' | 'leaveUnsaved'>;

/** Going somewhere. What is unsaved belongs to the place it was typed at, so leaving it with consent forgets it. */
function placeActions(store: ShellStore): PlaceActions {
  const open = (place: Place): void =>
    store.setState({ ...place, sheet: null, firstSteps: null, unsaved: [], leavingTo: null });
  return {
    go(screen, section) {
      const here = store.getState();
      const place = { screen, section: section ?? (screen === here.screen ? here.section : null) };
      if (samePlace(place, here)) store.setState({ sheet: null, firstSteps: null });
      else if (here.unsaved.length === 0) open(place);
      else store.setState({ sheet: null, leavingTo: place });
    },
    markUnsaved: (what, unsaved) =>
      store.setState((state) => {
        const others = state.unsaved.filter((name) => name !== what);
        return { unsaved: unsaved ? [...others, what] : others };
      }),
    leaveUnsaved(leave) {
      const { leavingTo } = store.getState();
      if (leave && leavingTo !== null) open(leavingTo);
      else store.setState({ leavingTo: null, newPrice: null });
    },
  };
}

type RangeActions = Pick<ShellActions, 'choosePeriod' | 'backInRange' | 'forwardInRange' | 'zoomOut' | 'toggleLive'>;

function rangeActions(store: ShellStore, live: LiveStore, now: () => number): RangeActions {
  const zone = (): string => shownZone(store.getState().settings.utc);

  /** A period in the past does not move, so choosing one pauses; choosing a live one again ends that pause, but not one a person made. */
  function setRange(next: (range: RangeState) => RangeState): void {
    const { range, pausedByRange } = store.getState();
    const changed = next(range);
    const isLive = isLivePeriod(changed.period, now());
    const wasPaused = live.getState().pause !== null;
    if (!isLive && !wasPaused) live.setState((state) => pauseLive(state, now()));
    if (isLive && pausedByRange) live.setState(resumeLive);
    store.setState({ range: changed, pausedByRange: !isLive && (pausedByRange || !wasPaused) });
  }

  function toggleLive(): void {
    if (live.getState().pause === null) {
      live.setState((state) => pauseLive(state, now()));
      return;
    }
    const { range } = store.getState();
    const lastLive = range.past.findLast((period) => isLivePeriod(period, now()));
    if (!isLivePeriod(range.period, now()))
      setRange((state) => goTo(state, lastLive ?? { kind: 'preset', preset: '24h' }));
    live.setState(resumeLive);
    store.setState({ pausedByRange: false });
  }

  return {
    choosePeriod: (period) => setRange((state) => goTo(state, period)),
    backInRange: () => setRange(goBack),
    forwardInRange: () => setRange(goForward),
    zoomOut: () => setRange((state) => zoomOut(state, now(), zone())),
    toggleLive,
  };
}

function createNotify(store: ShellStore): ShellActions['notify'] {
  let lastId = 0;
  return (tone, text) => {
    lastId += 1;
    const id = lastId;
    store.setState((state) => withToast(state, { id, tone, text }));
    setTimeout(() => store.setState((state) => withoutToast(state, id)), toastMs);
  };
}
