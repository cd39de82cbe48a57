import { run as runProgram } from '../launch/children.mjs';
import { root, toolScript } from '../launch/places.mjs';

/** @param {readonly string[]} args paths, `--fix` */
export function run(args) {
  return runProgram(process.execPath, [toolScript('oxlint'), '--deny-warnings', ...args], { cwd: root });
}
