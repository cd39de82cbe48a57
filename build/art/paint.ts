import type { Picture } from './png.ts';
import type { Shape } from './shapes.ts';

export type Colour = readonly [red: number, green: number, blue: number];
export interface Layer {
  readonly shape: Shape;
  /** Colour at a point of the unit canvas. */
  readonly colour: (x: number, y: number) => Colour;
}

/** One colour everywhere, written as in CSS: '#1f6feb'. */
export function solid(hex: string): Layer['colour'] {
  const value = Number.parseInt(hex.slice(1), 16);
  const colour: Colour = [(value >> 16) & 255, (value >> 8) & 255, value & 255];
  return () => colour;
}

/** From one colour at the top to another at the bottom. */
export function vertical(top: string, bottom: string): Layer['colour'] {
  const [a, b] = [solid(top)(0, 0), solid(bottom)(0, 0)];
  return (_x, y) => [mix(a[0], b[0], y), mix(a[1], b[1], y), mix(a[2], b[2], y)];
}

const mix = (from: number, to: number, share: number): number => Math.round(from + (to - from) * share);

/** Paints layers, first at the bottom, on a transparent square. An edge pixel is covered by the share its centre's distance says. */
export function paint(size: number, layers: readonly Layer[]): Picture {
  const rgba = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++)
      rgba.set(pixel((x + 0.5) / size, (y + 0.5) / size, size, layers), (y * size + x) * 4);
  }
  return { width: size, height: size, rgba };
}

function pixel(x: number, y: number, size: number, layers: readonly Layer[]): readonly number[] {
  let [red, green, blue, alpha] = [0, 0, 0, 0];
  for (const { shape, colour } of layers) {
    const cover = Math.max(0, Math.min(1, 0.5 - shape(x, y) * size));
    if (cover === 0) continue;
    const [r, g, b] = colour(x, y);
    const under = alpha * (1 - cover);
    const total = cover + under;
    [red, green, blue] = [
      (r * cover + red * under) / total,
      (g * cover + green * under) / total,
      (b * cover + blue * under) / total,
    ];
    alpha = total;
  }
  return [Math.round(red), Math.round(green), Math.round(blue), Math.round(alpha * 255)];
}
