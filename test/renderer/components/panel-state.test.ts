import { describe, expect, it } from 'vitest';
import { AppError } from '../../../contract/errors.ts';
import { errorDetails, panelFace, snowflakeFix } from '../../../renderer/components/panel-state.ts';

const query = { data: undefined, error: null, isPlaceholderData: false, isFetching: false };
const isEmpty = (list: readonly number[]): boolean => list.length === 0;
const broken = new AppError('warehouse_unavailable', 'The warehouse is away', { field: 'tz' });

describe('panelFace', () => {
  it('loads, fails or is empty only while there is nothing to show', () => {
    expect(panelFace({ ...query, isFetching: true }, isEmpty).kind).toBe('loading');
    expect(panelFace({ ...query, error: broken }, isEmpty)).toEqual({ kind: 'failed', error: broken });
    expect(panelFace({ ...query, data: [] }, isEmpty).kind).toBe('empty');
  });

  it('keeps old data on screen beside an error and during a reload', () => {
    expect(panelFace({ ...query, data: [1], error: broken }, isEmpty)).toMatchObject({
      kind: 'data',
      note: 'outdated',
    });
    expect(panelFace({ ...query, data: [1], isPlaceholderData: true, isFetching: true }, isEmpty)).toMatchObject({
      kind: 'data',
      note: 'reloading',
    });
    expect(panelFace({ ...query, data: [1], isFetching: true }, isEmpty)).toMatchObject({ kind: 'data', note: 'none' });
  });
});

it('copies details that name the cause and nothing else', () => {
  expect(errorDetails(broken, 'Latency')).toBe(
    'AI Studio Monitor\nwhere: Latency\ncode: warehouse_unavailable\nfield: tz\nmessage: The warehouse is away',
  );
  expect(errorDetails(new Error('x'), 'Latency')).toContain('code: unexpected');
});

it('adds the next step to a failure of Snowflake, whose message says the cause only', () => {
  expect(snowflakeFix(new AppError('snowflake_denied', 'x'))).toContain('right that is missing');
  expect(snowflakeFix(new AppError('snowflake_unavailable', 'x'))).toContain('Retry in a moment');
  expect(snowflakeFix(broken)).toBeNull();
  expect(snowflakeFix(new Error('x'))).toBeNull();
});
