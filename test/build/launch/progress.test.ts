import { expect, test } from 'vitest';
import { startProgress } from '../../../build/launch/progress.mjs';

function sink(isTTY: boolean) {
  const written: string[] = [];
  return { written, out: { isTTY, write: (text: string) => written.push(text) } };
}

test('a log gets one line per ten percent', () => {
  const { written, out } = sink(false);
  const progress = startProgress('Downloading', 100e6, out);
  for (let bytes = 0; bytes <= 25e6; bytes += 1e6) progress.update(bytes);
  progress.done();

  expect(written).toEqual([
    'Downloading (100 MB)\n',
    'Downloading: 10 % of 100 MB\n',
    'Downloading: 20 % of 100 MB\n',
    'Downloading: done\n',
  ]);
});

test('a terminal gets one line that is drawn over', () => {
  const { written, out } = sink(true);
  const progress = startProgress('Downloading', 100e6, out);
  progress.update(50e6);
  progress.done();

  expect(written[0]).toBe('\rDownloading: 50 % of 100 MB');
  expect(written.at(-1)).toMatch(/^\rDownloading: done +\n$/);
});

test('more bytes than expected stay at one hundred percent', () => {
  const { written, out } = sink(false);
  startProgress('Downloading', 10e6, out).update(25e6);

  expect(written.at(-1)).toBe('Downloading: 100 % of 10 MB\n');
});
