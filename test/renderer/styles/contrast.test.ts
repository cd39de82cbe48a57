/** The colour tokens against WCAG 2.2: text at least 4.5:1, parts of controls and graphics at least 3:1, in both themes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../renderer/styles/tokens.css', import.meta.url), 'utf8');

function tokensOf(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
  return new Map(
    [...block.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()]),
  );
}

type Rgb = readonly [number, number, number];

function rgb(hex: string): Rgb {
  const long = hex.length === 4 ? hex.slice(1).replaceAll(/./g, '$&$&') : hex.slice(1);
  const at = (index: number): number => Number.parseInt(long.slice(index, index + 2), 16);
  return [at(0), at(2), at(4)];
}

/** `rgb(r g b / p%)` painted over a solid colour. */
function over(soft: string, ground: Rgb): Rgb {
  const [r = 0, g = 0, b = 0, percent = 100] = (soft.match(/[\d.]+/g) ?? []).map(Number);
  const mix = (top: number, bottom: number): number => (top * percent + bottom * (100 - percent)) / 100;
  return [mix(r, ground[0]), mix(g, ground[1]), mix(b, ground[2])];
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function contrast(a: Rgb, b: Rgb): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Names below the limit, so that a failure says which. */
function tooFaint<T extends string>(names: readonly T[], measure: (name: T) => number, least: number): readonly T[] {
  return names.filter((name) => measure(name) < least);
}

describe.each([
  ['dark', ':root'],
  ['light', ":root[data-theme='light']"],
])('the %s theme', (_, selector) => {
  const tokens = tokensOf(selector);
  const value = (name: string): string => tokens.get(name) ?? expect.fail(`${name} is not defined`);
  const surfaces = ['--ground', '--surface', '--raised', '--hover'] as const;

  it.each(['--text', '--text-muted', '--accent', '--good', '--warn', '--bad'])(
    '%s is readable as text on every surface',
    (name) => {
      expect(tooFaint(surfaces, (surface) => contrast(rgb(value(name)), rgb(value(surface))), 4.5)).toEqual([]);
    },
  );

  it.each(['accent', 'good', 'warn', 'bad'])('%s is readable on its own soft ground', (tone) => {
    for (const surface of ['--surface', '--ground'] as const) {
      expect(
        contrast(rgb(value(`--${tone}`)), over(value(`--${tone}-soft`), rgb(value(surface)))),
      ).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('writes on filled buttons readably', () => {
    expect(contrast(rgb(value('--on-accent')), rgb(value('--accent-fill')))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(rgb(value('--on-bad')), rgb(value('--bad-fill')))).toBeGreaterThanOrEqual(4.5);
  });

  it('draws controls and series visibly', () => {
    const series = [1, 2, 3, 4, 5, 6, 7].map((slot) => `--series-${slot}`);
    const parts = [...series, '--series-rest', '--chart-good', '--chart-bad', '--control-line'];
    expect(tooFaint(parts, (name) => contrast(rgb(value(name)), rgb(value('--surface'))), 3)).toEqual([]);
  });
});
