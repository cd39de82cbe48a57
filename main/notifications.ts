import { Notification } from 'electron';
import type { Log } from './log.ts';
import type { SettingsStore } from './settings.ts';

export interface Notice {
  readonly title: string;
  readonly body: string;
  readonly onClick?: () => void;
}

export interface Notifier {
  /** Shows a notice of the desktop, where it can; the log has it in any case. */
  notify(notice: Notice): void;
  /** The last ones, newest last. */
  recent(): readonly Notice[];
}

const keptNotices = 20;

/** A notice is kept for a while: one that nothing refers to is collected, and a click on it would lead nowhere. */
export function createNotifier(log: Log): Notifier {
  let kept: readonly { readonly notice: Notice; readonly shown: Notification | null }[] = [];
  return {
    notify(notice) {
      log.info(`Notice ${notice.title}: ${notice.body}`);
      kept = [...kept, { notice, shown: show(notice) }].slice(-keptNotices);
    },
    recent: () => kept.map(({ notice }) => notice),
  };
}

function show({ title, body, onClick }: Notice): Notification | null {
  if (!Notification.isSupported()) return null;
  const notification = new Notification({ title, body });
  if (onClick !== undefined) notification.on('click', onClick);
  notification.show();
  return notification;
}

export const closedToTray: Notice = {
  title: 'Still metering',
  body: 'The window is closed, the gateway keeps running. Open or quit the app from its tray icon.',
};

export const gatewayDown = (detail: string): Notice => ({ title: 'The gateway is down', body: detail });

export const snowflakeNeedsAttention = (what: string): Notice => ({
  title: 'Snowflake needs attention',
  body: `${what} Calls are kept on this machine meanwhile.`,
});

/** What happened to the settings file at start; null when nothing did. */
export function settingsReset({ setAside, reset }: Pick<SettingsStore, 'setAside' | 'reset'>): Notice | null {
  if (reset.length > 0) {
    const copy =
      setAside === null ? 'The file could not be copied first.' : `The file as it was is kept as ${setAside}.`;
    return { title: 'Some settings were reset', body: `Not valid: ${reset.join(', ')}. ${copy}` };
  }
  return setAside === null
    ? null
    : { title: 'Settings were reset', body: `The settings file was damaged and is kept as ${setAside}.` };
}

export const secretsSetAside = (name: string): Notice => ({
  title: 'Saved secrets were lost',
  body: `The file with them was damaged and is kept as ${name}. Enter the Snowflake secrets again.`,
});
