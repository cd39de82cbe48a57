/**
 * Counts of the test stages and the closing line that CI reads.
 *
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * A check without counts of its own (types, lint, format) is one check.
 * @param {number} code its exit code
 * @returns {Counts}
 */
export function countCheck(code) {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/**
 * A test file that broke before its first test has no failed test of its own, so it counts as one.
 * @param {{ numPassedTests?: number, numFailedTests?: number, numPendingTests?: number, numTodoTests?: number,
 *   testResults?: { status: string, assertionResults: unknown[] }[] }} report of vitest's json reporter
 * @returns {Counts}
 */
export function countVitest(report) {
  const brokenFiles = (report.testResults ?? []).filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests ?? 0,
    failed: (report.numFailedTests ?? 0) + brokenFiles.length,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  };
}

/**
 * @param {{ stats?: { expected?: number, unexpected?: number, flaky?: number, skipped?: number }, errors?: unknown[] }} report of
 *   Playwright's json reporter
 * @returns {Counts}
 */
export function countPlaywright({ stats = {}, errors = [] }) {
  return {
    passed: (stats.expected ?? 0) + (stats.flaky ?? 0),
    failed: (stats.unexpected ?? 0) + errors.length,
    skipped: stats.skipped ?? 0,
  };
}

/**
 * A stage that failed never counts as nothing failed: its runner may have crashed before or after its tests.
 * @param {number} code the runner's exit code
 * @param {Counts | null} counts of its report, null when it wrote none
 * @returns {Counts}
 */
export function settle(code, counts) {
  const found = counts ?? { passed: 0, failed: 0, skipped: 0 };
  return code !== 0 && found.failed === 0 ? { ...found, failed: 1 } : found;
}

/**
 * The closing line: `N passed, N failed`, with `, N skipped` when there are any.
 * @param {readonly Counts[]} all
 */
export function closingLine(all) {
  const sum = (/** @type {keyof Counts} */ key) => all.reduce((total, counts) => total + counts[key], 0);
  const skipped = sum('skipped');
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
