/** Tooltip content as data, and as DOM. Elements instead of HTML strings: no escaping to forget and no inline style for a policy to block. */

export interface TooltipRow {
  readonly label: string;
  readonly value: string;
  readonly colour: string | null;
  readonly strong?: boolean;
  readonly dashed?: boolean; // the swatch is a dashed line
  readonly note?: string; // under the label, for example the time of an earlier value
}

export interface TooltipContent {
  readonly title: string;
  readonly rows: readonly TooltipRow[];
}

export function tooltipElement({ title, rows }: TooltipContent): HTMLElement {
  const box = element('div', 'chart-tip');
  box.append(element('div', 'chart-tip-title', title));
  for (const row of rows) box.append(rowElement(row));
  return box;
}

function rowElement(row: TooltipRow): HTMLElement {
  const line = element('div', row.strong === true ? 'chart-tip-row strong' : 'chart-tip-row');
  const swatch = element('span', 'chart-tip-swatch');
  if (row.dashed === true) swatch.classList.add('dashed');
  else swatch.style.background = row.colour ?? 'transparent';
  const label = element('span', 'chart-tip-label', row.label);
  if (row.note !== undefined) label.append(element('span', 'chart-tip-note', row.note));
  line.append(swatch, label, element('span', 'chart-tip-value', row.value));
  return line;
}

function element(tag: string, className: string, text?: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** The data index ECharts' axis tooltip speaks of; it calls with one item per series, in no promised order. */
export function hoveredIndex(params: unknown): number | null {
  const first: unknown = Array.isArray(params) ? params[0] : params;
  if (typeof first !== 'object' || first === null || !('dataIndex' in first)) return null;
  return typeof first.dataIndex === 'number' ? first.dataIndex : null;
}
