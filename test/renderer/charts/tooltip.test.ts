import { expect, it } from 'vitest';
import { hoveredIndex } from '../../../renderer/charts/tooltip.ts';

it('reads the hovered index from what ECharts hands over', () => {
  expect(hoveredIndex([{ dataIndex: 4 }, { dataIndex: 4 }])).toBe(4);
  expect(hoveredIndex({ dataIndex: 0 })).toBe(0);
  expect([hoveredIndex([]), hoveredIndex(null), hoveredIndex([{}]), hoveredIndex('x')]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
