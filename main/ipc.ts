/** The one door between main and the page: nothing else imports ipcMain or sends to a page (lint enforces it). */
import { type BrowserWindow, ipcMain, type IpcMainInvokeEvent, type WebContents, type WebFrameMain } from 'electron';
import { asks, type AskName, type TellName, type TellPayload } from '../contract/ipc.ts';
import type { AnswerAsk, Sender } from './answer.ts';
import { createPageAsks } from './page-asks.ts';
import { pageOrigin } from './page-url.ts';

const channelOf = (name: AskName): string => `ask:${name}`;
const askNames = Object.keys(asks).filter((name): name is AskName => name in asks);

/** Whether a page is one of ours and may ask this. */
export type MayAsk = (contents: WebContents, name: AskName) => boolean;

/**
 * Registers a channel for every ask. Returns the function that takes them away again.
 * @param heard is told who asked, before the answer
 */
export function serveAsks(answer: AnswerAsk, mayAsk: MayAsk, heard: (contents: WebContents) => void): () => void {
  const running = createPageAsks();
  for (const name of askNames) {
    ipcMain.handle(channelOf(name), ({ sender, senderFrame }: IpcMainInvokeEvent, raw: unknown) => {
      heard(sender);
      return running.run(sender, (left) => answer(name, senderOf(senderFrame, mayAsk(sender, name), left), raw));
    });
  }
  return () => {
    for (const name of askNames) ipcMain.removeHandler(channelOf(name));
  };
}

/** Tells the window's page something, when a page of ours is there to hear it. */
export function tell<K extends TellName>(window: BrowserWindow | null, name: K, payload: TellPayload<K>): void {
  if (window === null || window.isDestroyed()) return;
  const { webContents } = window;
  if (originOf(webContents.mainFrame) === pageOrigin) webContents.send(`tell:${name}`, payload);
}

function originOf(frame: WebFrameMain): string | null {
  try {
    return frame.origin;
  } catch {
    return null; // as below
  }
}

function senderOf(frame: WebFrameMain | null, isOurWindow: boolean, left: AbortSignal): Sender | null {
  try {
    return frame === null ? null : { origin: frame.origin, isTopFrame: frame.parent === null, isOurWindow, left };
  } catch {
    return null; // "Render frame was disposed": the page left while its message was under way
  }
}
