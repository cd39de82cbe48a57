/** Shapes as signed distances on a canvas of side 1, y downwards: negative inside, positive outside, so edges can be drawn smooth at any size. */
export type Shape = (x: number, y: number) => number;

export const circle =
  (cx: number, cy: number, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) - radius;

/** A box given by its centre and half sides. */
export const box =
  (cx: number, cy: number, halfWidth: number, halfHeight: number, corner = 0): Shape =>
  (x, y) => {
    const dx = Math.abs(x - cx) - halfWidth + corner;
    const dy = Math.abs(y - cy) - halfHeight + corner;
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - corner;
  };

/** The line through two points with a thickness and round ends. */
export const stroke =
  ([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number], thickness: number): Shape =>
  (x, y) => {
    const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
    const t = Math.max(0, Math.min(1, along));
    return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)) - thickness / 2;
  };

/** An upright triangle from `top` to `bottom` with the given half base. */
export const triangle =
  (cx: number, top: number, bottom: number, halfBase: number): Shape =>
  (x, y) => {
    const side = Math.hypot(bottom - top, halfBase);
    const slanted = ((bottom - top) * Math.abs(x - cx) - halfBase * (y - top)) / side;
    return Math.max(slanted, y - bottom);
  };

export const union =
  (...shapes: readonly Shape[]): Shape =>
  (x, y) =>
    Math.min(...shapes.map((shape) => shape(x, y)));

export const outside =
  (shape: Shape, hole: Shape): Shape =>
  (x, y) =>
    Math.max(shape(x, y), -hole(x, y));
