import { run as runProgram } from '../launch/children.mjs';
import { root, toolScript } from '../launch/places.mjs';

/** @param {readonly string[]} args paths, `--check` */
export function run(args) {
  return runProgram(process.execPath, [toolScript('oxfmt'), ...args], { cwd: root });
}
