import { expect, it } from 'vitest';
import { stepOfButton, stepOfKey } from '../../../renderer/shell/history-keys.ts';

const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
  stepOfKey({ key, altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, ...held });

it('takes Alt with an arrow, and nothing else held, for a step through the periods', () => {
  expect([press('ArrowLeft'), press('ArrowRight'), press('ArrowUp')]).toEqual(['back', 'forward', null]);
  expect([press('ArrowLeft', { altKey: false }), press('ArrowLeft', { shiftKey: true })]).toEqual([null, null]);
});

it('takes the side buttons of a mouse', () => {
  expect([0, 1, 2, 3, 4].map(stepOfButton)).toEqual([null, null, null, 'back', 'forward']);
});
