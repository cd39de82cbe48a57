// Stands where Electron keeps its default app: makes `electron FOLDER` start the app in FOLDER, for an Electron that came without it.
// The import is awaited at the top level because Electron holds `ready` back until its entry module is done.
import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.');
const {
  main = 'index.js',
  name,
  productName = name,
  version,
} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
if (productName) app.setName(productName);
if (version) app.setVersion(version);
app.setPath('userData', join(app.getPath('appData'), app.getName()));
app.setAppPath(folder);
await import(pathToFileURL(join(folder, main)).href);
