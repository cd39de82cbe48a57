import { describe, expect, it } from 'vitest';
import { readRow, resultColumns } from '../../../../gateway/warehouse/snowflake/result-rows.ts';

type Kind = 'number' | 'date' | 'other';
const column = (name: string, kind: Kind) => ({
  getName: () => name,
  isNumber: () => kind === 'number',
  isDate: () => kind === 'date',
});
const valueOf = (kind: Kind, value: unknown) => readRow(resultColumns([column('C', kind)]), [value])['c'];

describe('a value of a result', () => {
  it.each([
    ['a whole number', 'number', '9007199254740991', 9_007_199_254_740_991],
    ['a decimal', 'number', '0.123456789', 0.123_456_789],
    ['a decimal with zeros', 'number', '12.000000000', 12],
    ['a float with an exponent', 'number', '1.5e+300', 1.5e300],
    ['a float that is no number', 'number', 'NaN', null],
    ['NULL', 'number', null, null],
    ['text', 'other', 'a"b', 'a"b'],
    ['a flag', 'other', false, false],
    ['VARIANT', 'other', '{"team":"blue"}', '{"team":"blue"}'],
    ['an array that the driver parsed', 'other', [1, 'x'], '[1,"x"]'],
    ['a time', 'other', new Date(1_234_567_890_123), '2009-02-13T23:31:30.123Z'],
    ['a day', 'date', new Date(1_234_483_200_000), '2009-02-13'],
  ] satisfies readonly (readonly [string, Kind, unknown, unknown])[])(
    '%s comes out plain',
    (_, kind, given, expected) => {
      expect(valueOf(kind, given)).toEqual(expected);
    },
  );

  it('that cannot be exact is a fault and not a rounded number', () => {
    expect(() => valueOf('number', '9007199254740993')).toThrow('Column c holds 9007199254740993');
  });

  it('is found by its name in lower case', () => {
    const columns = resultColumns([column('CALLS', 'number'), column('Mixed', 'other')]);
    expect(readRow(columns, ['3', 'x'])).toEqual({ calls: 3, mixed: 'x' });
  });
});
