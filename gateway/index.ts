/** Entry of the gateway command: `node gateway/index.ts`, or its bundle in the installed app. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import packageFile from '../package.json' with { type: 'json' };
import { closeInheritedSockets } from './inherited-sockets.ts';

/** `.ts` from the sources, `.js` from the bundle. */
const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
const beside = (path: string): URL => new URL(path, import.meta.url);

/** The built dashboard lies in out/renderer, seen from the sources or from out/gateway; null when it is not built. */
function builtDashboard(): string | null {
  const candidates = ['../out/renderer/', '../renderer/'].map((path) => fileURLToPath(beside(path)));
  return (
    candidates.find((directory) => existsSync(`${directory}index.html`) && !existsSync(`${directory}index.tsx`)) ?? null
  );
}

// Who reads our output may leave at any time, which is no reason to end. What must not be lost is written to files as well.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// Before anything else is loaded: the app's window may be waiting for it.
if (process.argv.includes('--parent-pipe')) closeInheritedSockets();
const { runCli } = await import('./cli/cli.ts');
const code = await runCli({
  args: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  version: packageFile.version,
  entries: {
    journalThread: beside(`./journal/thread${extension}`),
    warehouseProcess: beside(`./warehouse-process${extension}`),
  },
  uiDir: builtDashboard(),
  print: (line) => process.stdout.write(`${line}\n`),
});
// Explicit, because a handle that a driver forgot must not keep a stopped gateway alive.
process.exit(code);
