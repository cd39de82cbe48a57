import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonPruner, type JsonShape } from '../../../gateway/usage/body/json-pruner.ts';

function prune(text: string | Buffer, shape: JsonShape, step = Infinity) {
  const values: unknown[] = [];
  const pruner = new JsonPruner(shape, (value) => values.push(value));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) pruner.write(bytes.subarray(at, Math.min(bytes.length, at + step)));
  return { values, failures: pruner.note.failures };
}

const shape = {
  model: 'keep',
  usage: 'keep',
  text: 'sign',
  choices: { finish: 'keep', delta: { content: 'sign' } },
} as const;

describe('JsonPruner', () => {
  it('keeps what the shape names and nothing else', () => {
    const text =
      '{"noise":[1,{"usage":9}],"model":"m","choices":[{"finish":null,"delta":{"content":"Hi","x":1}},{"finish":"stop"}],"usage":{"a":[1,"}"]}}';
    expect(prune(text, shape).values).toEqual([
      { model: 'm', choices: [{ finish: null, delta: { content: '…' } }, { finish: 'stop' }], usage: { a: [1, '}'] } },
    ]);
  });

  it.each([
    ['"text"', '…'],
    ['""', ''],
    ['"\\""', '…'],
    ['{}', 1],
    ['[1]', 1],
    ['0', 1],
    ['null', null],
    ['false', null],
    ['true', 1],
  ])('only signs %s when presence is asked', (value, sign) => {
    expect(prune(`{"text":${value}}`, shape).values).toEqual([{ text: sign }]);
  });

  it('yields each object of a top-level array as soon as it is complete, and skips other elements', () => {
    const values: unknown[] = [];
    const pruner = new JsonPruner(shape, (value, inArray) => values.push([value, inArray]));
    pruner.write(Buffer.from(' [ {"model":"a"} , 7, [{"model":"x"}], "]", {"mo'));
    expect(values).toEqual([[{ model: 'a' }, true]]);
    pruner.write(Buffer.from('del":"b"}]'));
    expect(values).toEqual([
      [{ model: 'a' }, true],
      [{ model: 'b' }, true],
    ]);
  });

  it.each([
    '{"model" "m"}',
    '{model:1}',
    '{"model":}',
    '{"model":"m",}x',
    '[{"model":"m"};',
    'nonsense',
    '{"usage":,}',
    '{,}',
    '}',
  ])('fails on %s without a value', (text) => {
    expect(prune(text, { ...shape, usage: 'sign' })).toEqual({
      values: text.startsWith('[') ? [{ model: 'm' }] : [],
      failures: 1,
    });
  });

  it('agrees with JSON.parse on any JSON, cut anywhere', () => {
    const value = fc.dictionary(fc.oneof(fc.constantFrom('model', 'usage'), fc.string()), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(value), fc.boolean(), fc.integer({ min: 1, max: 20 }), (objects, pretty, step) => {
        const text = JSON.stringify(objects, null, pretty ? 2 : 0);
        const expected = objects.map((object) =>
          Object.fromEntries(Object.entries(object).filter(([key]) => key === 'model' || key === 'usage')),
        );
        const { values, failures } = prune(text, { model: 'keep', usage: 'keep' }, step);
        expect(values).toEqual(JSON.parse(JSON.stringify(expected)));
        expect(failures).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  it('drops an element that keeps too much and goes on', () => {
    const long = 'x'.repeat(300 * 1024);
    expect(prune(`[{"model":"${long}"},{"model":"b"}]`, shape, 1_000)).toEqual({
      values: [{ model: 'b' }],
      failures: 1,
    });
  });

  it('does not follow a shape into endless nesting', () => {
    expect(prune(`{"choices":${'['.repeat(100)}`, shape)).toEqual({ values: [], failures: 1 });
  });
});
