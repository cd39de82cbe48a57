/** Numbers as people read them in a dense instrument. Unknown is always a dash, never 0. */

export const dash = '–';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const twoDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2, notation: 'compact' });
/** Always three digits, so that a counter that grows keeps its width: 8.70M, not 8.7M. */
const exactlyThree = new Intl.NumberFormat('en-US', {
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
  notation: 'compact',
});
const threeDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3, notation: 'compact' });

/** The whole number with thousands separators: 12,345. */
export function formatExact(value: number | null): string {
  return value === null ? dash : grouped.format(value);
}

/** A count (calls, tokens): in full below a million, then three significant digits with a unit: 12,345 · 1.23M. */
export function formatCount(value: number | null): string {
  if (value === null) return dash;
  return Math.abs(value) < 999_999.5 ? grouped.format(value) : exactlyThree.format(value);
}

/** A count for narrow places such as axis labels: 950 · 12.3K · 1.23M. */
export function formatCompact(value: number | null): string {
  return value === null ? dash : threeDigits.format(value);
}

/** A count as a side note, where the exact one is a hover away: 950 · 12K · 1.2M. */
export function formatRough(value: number | null): string {
  return value === null ? dash : twoDigits.format(value);
}

/** A share between 0 and 1 as a percentage; small but real shares never read as 0 %. */
export function formatShare(share: number | null): string {
  if (share === null) return dash;
  if (share === 0) return '0%';
  const percent = share * 100;
  if (percent < 0.1) return '<0.1%';
  if (percent < 100 && percent > 99.9) return '>99.9%';
  return `${percent < 10 ? trimZero(percent.toFixed(1)) : percent.toFixed(percent < 99.5 ? 0 : 1).replace(/\.0$/, '')}%`;
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Bytes in powers of 1024 with at most one decimal. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return dash;
  const step = bytes < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : trimZero(value.toFixed(1))} ${byteUnits[step] ?? 'B'}`;
}

/** Calls per second: one decimal below 100, none above. */
export function formatRate(perSecond: number): string {
  return perSecond >= 100 ? grouped.format(perSecond) : perSecond.toFixed(1);
}

function trimZero(text: string): string {
  return text.replace(/\.0$/, '');
}

/** "1 call", "12,345 calls". */
export function formatCalls(calls: number): string {
  return `${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'}`;
}
