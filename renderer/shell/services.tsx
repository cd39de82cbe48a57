/** What the composition root made, within reach of every component. */
import { createContext, useContext, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Bridge } from '../../contract/ipc.ts';
import type { LiveState } from '../live/live-state.ts';
import type { LiveStore } from '../live/live-store.ts';
import type { ExportDesk } from '../reports/export-store.ts';
import { shownZone } from '../format/time.ts';
import type { ShellState } from './shell-state.ts';
import type { ShellActions, ShellStore } from './shell-store.ts';

export interface Services {
  readonly bridge: Bridge;
  readonly live: LiveStore;
  readonly shell: ShellStore;
  readonly actions: ShellActions;
  readonly exports: ExportDesk;
}

const ServicesContext = createContext<Services | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('A component is used outside ServicesProvider');
  return services;
}

export function useActions(): ShellActions {
  return useServices().actions;
}

export function useShell<T>(select: (state: ShellState) => T): T {
  return useStore(useServices().shell, select);
}

export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(useServices().live, select);
}

/** The IANA zone times are shown in. */
export function useZone(): string {
  return shownZone(useShell((state) => state.settings.utc));
}

export function usePaused(): boolean {
  return useLive((state) => state.pause !== null);
}
