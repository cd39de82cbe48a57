import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const icons = join(import.meta.dirname, '../../../build/icons');
const pngSignature = '89504e470d0a1a0a';

test('each entry of the Windows icon points at a PNG of the size it says', () => {
  const file = readFileSync(join(icons, 'icon.ico'));
  const count = file.readUInt16LE(4);
  const sizes = Array.from({ length: count }, (_, index) => {
    const entry = file.subarray(6 + index * 16, 22 + index * 16);
    const png = file.subarray(entry.readUInt32LE(12), entry.readUInt32LE(12) + entry.readUInt32LE(8));
    expect(png.subarray(0, 8).toString('hex')).toBe(pngSignature);
    expect(png.readUInt32BE(16)).toBe(entry.readUInt8(0) || 256);
    return png.readUInt32BE(16);
  });
  expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256]);
});

test('the members of the macOS icon fill the file and are PNGs', () => {
  const file = readFileSync(join(icons, 'icon.icns'));
  expect(file.subarray(0, 4).toString()).toBe('icns');
  expect(file.readUInt32BE(4)).toBe(file.length);
  const types: string[] = [];
  for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) {
    types.push(file.subarray(at, at + 4).toString());
    expect(file.subarray(at + 8, at + 16).toString('hex')).toBe(pngSignature);
  }
  expect(types).toEqual(['ic11', 'ic12', 'ic07', 'ic08', 'ic13', 'ic09', 'ic14', 'ic10']);
});
