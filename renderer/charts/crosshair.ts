/** Where the crosshair of a chart stands, read from what ECharts tells when it moves: by the pointer over it or over a connected chart. */

/** The instant in ms; null when the crosshair left. */
export function crosshairAt(event: unknown): number | null {
  if (typeof event !== 'object' || event === null || !('axesInfo' in event) || !Array.isArray(event.axesInfo))
    return null;
  const first: unknown = event.axesInfo[0];
  if (typeof first !== 'object' || first === null || !('value' in first)) return null;
  return typeof first.value === 'number' ? first.value : null;
}
