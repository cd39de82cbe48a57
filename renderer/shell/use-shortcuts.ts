import { useEffect, useMemo, useRef } from 'react';
import type { Screen } from './address.ts';
import { headerParts } from './header-parts.ts';
import { screens } from './screens.ts';
import { toggleRecording } from './recording.ts';
import { useServices, useShell } from './services.tsx';
import type { ShellActions } from './shell-store.ts';
import {
  isActivating,
  isInDialog,
  isTyping,
  matchCommand,
  matchShortcut,
  type KeyPress,
  type Shortcut,
} from './shortcuts.ts';

/** The keys that the period controls of the header name. */
function periodShortcuts(scope: Screen, actions: ShellActions): Shortcut[] {
  const { period, compares } = headerParts(scope);
  if (!period) return [];
  return [
    { keys: ['z'], label: 'Zoom out', scope, run: actions.zoomOut },
    { keys: ['['], label: 'Back to the period before', scope, run: actions.backInRange },
    { keys: [']'], label: 'Forward again', scope, run: actions.forwardInRange },
    ...(compares
      ? [{ keys: ['c'], label: 'Compare with the previous period', scope, run: actions.toggleCompare }]
      : []),
  ];
}

/** The shortcuts of the shell, in the order the sheet lists them. */
export function useShellShortcuts(): readonly Shortcut[] {
  const services = useServices();
  return useMemo(() => {
    const { shell, actions } = services;
    const goTo = screens.map(({ id, label, key }) => ({
      keys: ['g', key],
      label: `Go to ${label}`,
      scope: 'everywhere' as const,
      run: () => actions.go(id),
    }));
    return [
      ...goTo,
      {
        keys: ['k'],
        command: true,
        label: 'Search commands, models and people',
        scope: 'everywhere',
        run: () => actions.openSheet(shell.getState().sheet === 'palette' ? null : 'palette'),
      },
      { keys: ['l'], label: 'Pause or resume', scope: 'everywhere', run: actions.toggleLive },
      {
        // Two keys: a single one pressed by chance must not cost rows.
        keys: ['r', 'p'],
        label: 'Pause or resume recording',
        scope: 'everywhere',
        run: () => void toggleRecording(services),
      },
      ...screens.flatMap(({ id }) => periodShortcuts(id, actions)),
      { keys: ['?'], label: 'Show these shortcuts', scope: 'everywhere', run: () => actions.openSheet('shortcuts') },
    ] satisfies Shortcut[];
  }, [services]);
}

/**
 * Keys held with Ctrl or ⌘. They come before everything else: a browser would take them for itself, and an input would swallow them. An open
 * dialog other than the one the key opens keeps the keyboard.
 */
export function useCommandListener(shortcuts: readonly Shortcut[]): void {
  const { shell } = useServices();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const match = matchCommand(shortcuts, event);
      if (match === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const { sheet } = shell.getState();
      if (sheet === 'palette' || (sheet === null && !isInDialog(event.target))) match.run();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [shortcuts, shell]);
}

/** Listens while the component lives. Nothing runs while a person types, while a sheet is open, or with a modifier held. */
export function useKeyListener(shortcuts: readonly Shortcut[]): void {
  const screen = useShell((state) => state.screen);
  const sheet = useShell((state) => state.sheet);
  const before = useRef<KeyPress | null>(null);
  useEffect(() => {
    const active = shortcuts.filter(({ scope }) => scope === 'everywhere' || scope === screen);
    const onKey = (event: KeyboardEvent): void => {
      if (sheet !== null || belongsElsewhere(event)) return;
      const press = { key: event.key, atMs: event.timeStamp };
      const match = matchShortcut(active, before.current, press);
      before.current = match === undefined ? press : null;
      if (match === undefined) return;
      event.preventDefault();
      match.run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [shortcuts, screen, sheet]);
}

function belongsElsewhere(event: KeyboardEvent): boolean {
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  const { key, target } = event;
  return event.defaultPrevented || modified || isTyping(target) || isInDialog(target) || isActivating(key, target);
}
