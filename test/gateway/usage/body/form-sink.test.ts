import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormSink } from '../../../../gateway/usage/body/form-sink.ts';

const shape = { model: 'keep', stream: 'keep' } as const;
const boundary = '----formdata-undici-0123';
const type = `multipart/form-data; boundary=${boundary}`;
const field = (name: string, value: string): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (bytes: string): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="model"; filename="model"\r\nContent-Type: audio/wav\r\n\r\n${bytes}\r\n`;
const end = `--${boundary}--\r\n`;

function read(body: string | Buffer, contentType = type, cuts: readonly number[] = []) {
  const found: unknown[] = [];
  const sink = new FormSink(contentType, shape, ({ value }) => found.push(value));
  const bytes = Buffer.from(body);
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].toSorted(
    (a, b) => a - b,
  );
  for (const [index, from] of edges.entries()) sink.write(bytes.subarray(from, edges[index + 1]), 1);
  const early = found.length;
  sink.settle();
  return { found, early, failures: sink.failures() };
}

describe('a multipart form', () => {
  it('tells the fields that are asked for, before and after a file, as soon as it ends', () => {
    const body =
      field('model', 'whisper-1') + file('RIFF'.repeat(9_000)) + field('other', 'x') + field('stream', 'true') + end;
    expect(read(body)).toEqual({ found: [{ model: 'whisper-1', stream: 'true' }], early: 1, failures: 0 });
  });

  it('is read the same wherever it is cut', () => {
    const body =
      field('prompt', 'a --x') + file(`\r\n--${boundary.slice(0, -1)}\r\n`.repeat(300)) + field('model', 'tts-é') + end;
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { maxLength: 20 }), (cuts) => {
        expect(read(body, type, cuts).found).toEqual([{ model: 'tts-é' }]);
      }),
      { numRuns: 200 },
    );
    expect(
      read(
        body,
        type,
        Array.from({ length: body.length }, (_, at) => at),
      ).found,
    ).toEqual([{ model: 'tts-é' }]);
  });

  it('takes a file for no field, and a value longer than a field for none', () => {
    expect(read(file('gpt-5') + field('stream', 'x'.repeat(5_000)) + end).found).toEqual([{}]);
  });

  it('that breaks off tells what came whole', () => {
    expect(read(field('model', 'whisper-1') + file('RIFF')).found).toEqual([{ model: 'whisper-1' }]);
  });

  it('without a boundary is unreadable, and says so', () => {
    expect(read(field('model', 'x') + end, 'multipart/form-data')).toMatchObject({ failures: 1 });
    expect(read(field('model', 'x') + end, `multipart/form-data; boundary="${boundary}"`).found).toEqual([
      { model: 'x' },
    ]);
  });
});
