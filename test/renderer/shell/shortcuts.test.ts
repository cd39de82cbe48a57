import { describe, expect, it } from 'vitest';
import {
  commandCap,
  keyCap,
  matchCommand,
  matchShortcut,
  sequenceMs,
  type Shortcut,
} from '../../../renderer/shell/shortcuts.ts';

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

describe('matchCommand', () => {
  const palette: Shortcut = { ...shortcut('k'), command: true };
  const all = [shortcut('k'), palette];
  const press = { key: 'k', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

  it('needs Ctrl or ⌘ and nothing else held', () => {
    expect(matchCommand(all, { ...press, ctrlKey: true })).toBe(palette);
    expect(matchCommand(all, { ...press, key: 'K', metaKey: true })).toBe(palette);
    expect(matchCommand(all, press)).toBeUndefined();
    expect(matchCommand(all, { ...press, ctrlKey: true, shiftKey: true })).toBeUndefined();
    expect(matchCommand(all, { ...press, key: 'l', ctrlKey: true })).toBeUndefined();
  });

  it('leaves the plain key to its own shortcut', () => {
    expect(matchShortcut([palette], null, { key: 'k', atMs: 0 })).toBeUndefined();
    expect([commandCap('darwin'), commandCap('MacIntel'), commandCap('linux'), commandCap(undefined)]).toEqual([
      '⌘',
      '⌘',
      'Ctrl',
      'Ctrl',
    ]);
  });
});

it('writes keys as they stand on the keyboard', () => {
  expect([keyCap('l'), keyCap('Enter'), keyCap('Escape'), keyCap('?')]).toEqual(['L', '↵', 'Esc', '?']);
});
