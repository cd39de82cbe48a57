import { join } from 'node:path';
import { capture } from '../launch/children.mjs';
import { say } from '../launch/messages.mjs';
import { root, toolScript } from '../launch/places.mjs';

const projects = ['node', 'web', 'window-tests'];

/** Every TypeScript project, at the same time. */
export async function run() {
  const script = toolScript('typescript', 'tsc');
  const results = await Promise.all(
    projects.map((name) => {
      const config = join('build', 'tsconfig', `${name}.json`);
      return capture(process.execPath, [script, '--pretty', String(process.stderr.isTTY === true), '-p', config], {
        cwd: root,
      });
    }),
  );
  for (const { output } of results) if (output !== '') say(output);
  return Math.max(...results.map(({ code }) => code));
}
