/** Keyboard shortcuts as data: one list drives the key handler and the `?` sheet, so the sheet shows exactly the live ones. */
import type { Screen } from './address.ts';

export type ShortcutScope = 'everywhere' | Screen;

export interface Shortcut {
  /** Key names as `KeyboardEvent.key` tells them; two of them are typed one after the other. */
  readonly keys: readonly string[];
  readonly label: string;
  /** With Ctrl (⌘ on a Mac) held; such a key works while a person types, too. */
  readonly command?: true;
  readonly scope: ShortcutScope;
  readonly run: () => void;
}

/** The second key of a sequence must follow within this time. */
export const sequenceMs = 1200;

export interface KeyPress {
  readonly key: string;
  readonly atMs: number;
}

/** The shortcut a press completes, given the press before it; longer sequences win. */
export function matchShortcut(
  shortcuts: readonly Shortcut[],
  before: KeyPress | null,
  press: KeyPress,
): Shortcut | undefined {
  const recent = before !== null && press.atMs - before.atMs <= sequenceMs ? normal(before.key) : null;
  const key = normal(press.key);
  const isPair = ({ keys }: Shortcut): boolean => keys.length === 2 && keys[0] === recent && keys[1] === key;
  const plain = shortcuts.filter(({ command }) => command !== true);
  return plain.find(isPair) ?? plain.find(({ keys }) => keys.length === 1 && keys[0] === key);
}

export type CommandPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The shortcut of a key pressed with Ctrl or ⌘ and nothing else. */
export function matchCommand(shortcuts: readonly Shortcut[], press: CommandPress): Shortcut | undefined {
  const held = (press.ctrlKey || press.metaKey) && !press.altKey && !press.shiftKey;
  if (!held) return undefined;
  return shortcuts.find(({ command, keys }) => command === true && keys[0] === normal(press.key));
}

/** Letters are the same with and without Shift or Caps Lock; `?` and `/` stay as typed. */
function normal(key: string): string {
  return key.length === 1 ? key.toLowerCase() : key;
}

/** Shortcuts rest while a person types, and while a modifier asks for something else. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches('input:not([type=checkbox], [type=radio]), textarea, select, [role=spinbutton], [role=combobox]')
  );
}

/** An open dialog has the keyboard: what is behind it rests. */
export function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role=dialog], [role=alertdialog]') !== null;
}

/** Enter belongs to the button, link or tab that has the focus. */
export function isActivating(key: string, target: EventTarget | null): boolean {
  return (
    key === 'Enter' && target instanceof Element && target.closest('button, a, [role=tab], [role^=menuitem]') !== null
  );
}

/** Key caps for the sheet. */
export function keyCap(key: string): string {
  const names: Record<string, string> = { Enter: '↵', Escape: 'Esc', ArrowUp: '↑', ArrowDown: '↓' };
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** The key held with the others: ⌘ on a Mac, Ctrl elsewhere. */
export function commandCap(platform: string | undefined): string {
  return /^(darwin|mac)/i.test(platform ?? '') ? '⌘' : 'Ctrl';
}
