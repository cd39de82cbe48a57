// The entry of every npm script: installs what is missing, continues on the project's Node, runs the command. It starts on whatever Node
// the machine has and with nothing installed, so until then only Node's own modules may be imported.
import { LaunchError, say } from './launch/messages.mjs';
import { continueOnProjectNode } from './launch/node-runtime.mjs';
import { ensurePackages } from './launch/packages.mjs';
import { root } from './launch/places.mjs';

/** @type {Record<string, () => Promise<{ run(args: readonly string[]): Promise<number> }>>} */
const commands = {
  start: () => import('./commands/start.mjs'),
  gateway: () => import('./commands/gateway.mjs'),
  dev: () => import('./commands/dev.mjs'),
  build: () => import('./commands/build.mjs'),
  test: () => import('./commands/test.mjs'),
  'test:long': () => import('./commands/test-long.mjs'),
  e2e: () => import('./commands/e2e.mjs'),
  typecheck: () => import('./commands/typecheck.mjs'),
  lint: () => import('./commands/lint.mjs'),
  format: () => import('./commands/format.mjs'),
  bench: () => import('./commands/bench.mjs'),
  package: () => import('./commands/package.mjs'),
};

/** @param {readonly string[]} argv */
async function main([name = '', ...args]) {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined)
    throw new LaunchError(`Unknown command "${name}". There are: ${Object.keys(commands).join(', ')}.`);
  await ensurePackages(root);
  const [, script = ''] = process.argv;
  const continued = await continueOnProjectNode(root, [script, name, ...args]);
  if (continued !== null) return continued;
  const { run } = await load();
  return run(args);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error instanceof LaunchError ? `\n${error.message}` : String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}
