import { run as runTests } from './test.mjs';

/** @param {readonly string[]} args for Playwright */
export function run(args) {
  return runTests(['--only', 'e2e', ...args]);
}
