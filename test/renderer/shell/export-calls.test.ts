import { expect, it } from 'vitest';
import { UiSettings } from '../../../contract/ipc.ts';
import { overviewExport } from '../../../renderer/shell/export-calls.ts';
import { initialRange } from '../../../renderer/range/range-state.ts';

it('exports the period on screen and carries the source, which is left out for this gateway', () => {
  const shown = { range: initialRange('7d'), settings: UiSettings.parse({ utc: true }) };
  expect(overviewExport(shown, 'duckdb')).toEqual({ range: '7d', tz: 'UTC' });
  expect(overviewExport(shown, 'snowflake')).toEqual({ range: '7d', tz: 'UTC', source: 'snowflake' });
});
