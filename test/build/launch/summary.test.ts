import { describe, expect, test } from 'vitest';
import { closingLine, countCheck, countPlaywright, countVitest, settle } from '../../../build/launch/summary.mjs';

describe('counting', () => {
  test('a check is one, passed or failed', () => {
    expect(countCheck(0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(countCheck(2)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  test('vitest: a file that broke before its first test counts as failed', () => {
    const report = {
      numPassedTests: 10,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 0,
      testResults: [
        { status: 'failed', assertionResults: [{}] },
        { status: 'failed', assertionResults: [] },
        { status: 'passed', assertionResults: [{}] },
      ],
    };

    expect(countVitest(report)).toEqual({ passed: 10, failed: 2, skipped: 2 });
  });

  test('Playwright: a flaky test passed, an error outside of tests failed', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 3 }, errors: [{}] };

    expect(countPlaywright(report)).toEqual({ passed: 6, failed: 2, skipped: 3 });
  });

  test('a runner that failed without a failed test, or without a report, counts as one failed', () => {
    expect(settle(1, { passed: 4, failed: 0, skipped: 0 })).toEqual({ passed: 4, failed: 1, skipped: 0 });
    expect(settle(134, null)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(settle(1, { passed: 4, failed: 2, skipped: 0 })).toEqual({ passed: 4, failed: 2, skipped: 0 });
    expect(settle(0, { passed: 4, failed: 0, skipped: 0 })).toEqual({ passed: 4, failed: 0, skipped: 0 });
  });
});

describe('the closing line', () => {
  test('sums all stages', () => {
    const line = closingLine([countCheck(0), countCheck(1), { passed: 40, failed: 2, skipped: 0 }]);

    expect(line).toBe('41 passed, 3 failed');
  });

  test('tells of skipped tests only when there are any', () => {
    expect(closingLine([{ passed: 1, failed: 0, skipped: 2 }])).toBe('1 passed, 0 failed, 2 skipped');
  });
});
