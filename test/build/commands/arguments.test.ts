import { describe, expect, test } from 'vitest';
import { servesDashboard } from '../../../build/commands/gateway.mjs';
import { parseTestArguments } from '../../../build/commands/test.mjs';

describe('npm test', () => {
  test('runs everything without arguments', () => {
    expect(parseTestArguments([])).toEqual({ only: null, rest: [] });
  });

  test('runs one stage and hands the rest to its runner', () => {
    expect(parseTestArguments(['--only', 'unit', 'test/gateway/journal'])).toEqual({
      only: 'unit',
      rest: ['test/gateway/journal'],
    });
  });

  test('names the stages when it gets another', () => {
    expect(() => parseTestArguments(['--only', 'units'])).toThrow('types, lint, format, unit, e2e');
    expect(() => parseTestArguments(['--watch'])).toThrow('Unknown option --watch');
  });
});

describe('npm run gateway', () => {
  test.each([
    [[], true],
    [['--port', '0'], true],
    [['--help'], false],
    [['--port', '0', '--help'], false],
    [['doctor'], false],
    [['setup', 'api_usage'], false],
  ])('%j builds the dashboard: %s', (args, expected) => {
    expect(servesDashboard(args)).toBe(expected);
  });
});
