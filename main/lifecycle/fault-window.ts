import { dialog, shell } from 'electron';
import type { PlainText } from './plain-page.ts';
import { openPlainWindow } from './plain-window.ts';

export interface FaultOptions {
  readonly text: Omit<PlainText, 'title'>;
  /** Opened by the action `logs`, and the window stays; null = there are none. */
  readonly logsDir: string | null;
  /** The action that was chosen; closing the window is `closed`. Called once. */
  readonly onChoice: (id: string) => void;
}

export interface FaultWindow {
  show(): void;
  /** Takes it away without a choice. */
  close(): void;
}

const title = 'AI Studio Monitor';

/** Says what went wrong and asks what to do. Where Chromium draws no window at all, the system's own dialog asks instead. */
export function showFault({ text, logsDir, onChoice }: FaultOptions): FaultWindow {
  let done = false;
  const choose = (id: string): void => {
    if (id === 'logs') return void (logsDir === null || shell.openPath(logsDir));
    if (done) return;
    done = true;
    onChoice(id);
    window.close();
  };
  const askUntilChosen = async (): Promise<void> => {
    choose(await askNatively(text));
    if (!done) await askUntilChosen(); // the logs were opened
  };
  const window = openPlainWindow(
    { title, ...text },
    {
      focus: true,
      onAction: choose,
      onClosed: () => choose('closed'),
      onBlank: () => void (done || askUntilChosen()),
    },
  );
  return {
    show: window.show,
    close() {
      done = true;
      window.close();
    },
  };
}

async function askNatively({ heading, paragraphs, detail, actions }: Omit<PlainText, 'title'>): Promise<string> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title,
    message: heading,
    detail: [...paragraphs, ...(detail === null ? [] : [detail])].join('\n\n'),
    buttons: actions.map(({ label }) => label),
    noLink: true,
  });
  return actions[response]?.id ?? 'closed';
}
