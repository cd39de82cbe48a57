import { join } from 'node:path';
import { run as runProgram } from '../launch/children.mjs';
import { root } from '../launch/places.mjs';

/** @param {readonly string[]} args */
export function run(args) {
  return runProgram(process.execPath, [join(root, 'test', 'bench', 'index.ts'), ...args], { cwd: root });
}
