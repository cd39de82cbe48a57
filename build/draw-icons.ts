/** Draws build/icons: `node build/draw-icons.ts`. The pictures are committed; run it again after changing a shape or colour here. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeIcns, encodeIco } from './art/icon-files.ts';
import { type Layer, paint, solid, vertical } from './art/paint.ts';
import { encodePng } from './art/png.ts';
import { box, circle, outside, type Shape, stroke, triangle, union } from './art/shapes.ts';

const folder = join(import.meta.dirname, 'icons');
const appSizes = [16, 24, 32, 48, 64, 128, 256, 512];
const traySizes = [16, 22, 32, 44];

/** Three bars that rise, and the pulse of live traffic across them. */
const appIcon: readonly Layer[] = [
  { shape: box(0.5, 0.5, 0.46, 0.46, 0.2), colour: vertical('#2b7bff', '#123a8c') },
  { shape: bars(), colour: vertical('#cfe2ff', '#8fb8ff') },
  { shape: pulse(), colour: solid('#ffffff') },
  { shape: circle(0.8, 0.27, 0.062), colour: solid('#f5a742') },
];

function bars(): Shape {
  const foot = 0.8;
  const bar = (x: number, height: number): Shape => box(x, foot - height / 2, 0.062, height / 2, 0.03);
  return union(bar(0.27, 0.16), bar(0.5, 0.25), bar(0.73, 0.36));
}

function pulse(): Shape {
  const points = [
    [0.2, 0.5],
    [0.34, 0.5],
    [0.43, 0.34],
    [0.53, 0.56],
    [0.64, 0.38],
    [0.8, 0.27],
  ] as const;
  const segments = points.slice(1).map((point, index) => stroke(points[index] ?? point, point, 0.05));
  return union(...segments);
}

/** Told apart by outline alone: a tray may be monochrome. */
const trayShapes: Readonly<Record<string, { readonly shape: Shape; readonly colour: string }>> = {
  running: { shape: circle(0.5, 0.5, 0.4), colour: '#2fa36b' },
  degraded: { shape: triangle(0.5, 0.1, 0.88, 0.45), colour: '#e08a1e' },
  stopped: { shape: outside(box(0.5, 0.5, 0.4, 0.4, 0.06), box(0.5, 0.5, 0.25, 0.25)), colour: '#d2504a' },
  paused: { shape: union(box(0.3, 0.5, 0.12, 0.38, 0.04), box(0.7, 0.5, 0.12, 0.38, 0.04)), colour: '#8a94a3' },
};

function save(name: string, size: number, layers: readonly Layer[]): void {
  writeFileSync(join(folder, name), encodePng(paint(size, layers)));
}

mkdirSync(join(folder, 'tray'), { recursive: true });
for (const size of appSizes) save(`${size}x${size}.png`, size, appIcon);
const sized = (sizes: readonly number[]) => sizes.map((size) => ({ size, png: encodePng(paint(size, appIcon)) }));
writeFileSync(join(folder, 'icon.ico'), encodeIco(sized([16, 24, 32, 48, 64, 128, 256])));
writeFileSync(join(folder, 'icon.icns'), encodeIcns(sized([32, 64, 128, 256, 512, 1024])));
for (const [name, { shape, colour }] of Object.entries(trayShapes)) {
  for (const size of traySizes) save(`tray/${name}-${size}.png`, size, [{ shape, colour: solid(colour) }]);
  // macOS colours a template itself: only its transparency counts.
  for (const size of [16, 32]) save(`tray/${name}-template-${size}.png`, size, [{ shape, colour: solid('#000000') }]);
}
