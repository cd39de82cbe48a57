import { type BrowserWindow, dialog } from 'electron';
import { extname } from 'node:path';

const kinds: Readonly<Record<string, string>> = { '.csv': 'CSV', '.pdf': 'PDF', '.txt': 'Text', '.json': 'JSON' };

/** Asks where to save a file of that name. Null when the user changed their mind. */
export async function chooseFile(window: BrowserWindow | null, defaultPath: string): Promise<string | null> {
  const extension = extname(defaultPath);
  const filters = [{ name: kinds[extension] ?? 'File', extensions: [extension.slice(1)] }];
  const options = { defaultPath, filters };
  const chosen = await (window === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
  return chosen.canceled || chosen.filePath === '' ? null : chosen.filePath;
}
