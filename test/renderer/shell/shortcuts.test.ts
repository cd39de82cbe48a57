import { describe, expect, it } from 'vitest';
import { keyCap, matchShortcut, sequenceMs, type Shortcut } from '../../../renderer/shell/shortcuts.ts';

const shortcut = (...keys: string[]): Shortcut => ({
  keys,
  label: keys.join(' '),
  scope: 'everywhere',
  run: () => undefined,
});
const shortcuts = [shortcut('l'), shortcut('g', 'l'), shortcut('?'), shortcut('Escape')];
const match = (key: string, before: string | null = null, gapMs = 100): string | undefined =>
  matchShortcut(shortcuts, before === null ? null : { key: before, atMs: 0 }, { key, atMs: gapMs })?.label;

describe('matchShortcut', () => {
  it('takes letters in any case and signs as typed', () => {
    expect([match('l'), match('L'), match('?'), match('Escape')]).toEqual(['l', 'l', '?', 'Escape']);
    expect([match('x'), match('g'), match('/')]).toEqual([undefined, undefined, undefined]);
  });

  it('prefers a sequence over its last key alone, within its time', () => {
    expect(match('l', 'G')).toBe('g l');
    expect(match('l', 'g', sequenceMs + 1)).toBe('l');
    expect(match('l', 'x')).toBe('l');
  });
});

it('writes keys as they stand on the keyboard', () => {
  expect([keyCap('l'), keyCap('Enter'), keyCap('Escape'), keyCap('?')]).toEqual(['L', '↵', 'Esc', '?']);
});
