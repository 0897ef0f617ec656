/** What a brand's colour needs so that everything on and beside it can be read (WCAG 2: 4.5 to 1). */

const ENOUGH = 4.5;
const STEPS = 20;
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
const HOUSE = '#0b6e75';

type Rgb = [number, number, number];

export interface Accent {
  /** The colour itself: grounds of buttons and of the visitor's words. */
  accent: string;
  /** Words on it. */
  onAccent: string;
  /** The colour, moved as far as it takes to be read as words on the panel. */
  accentInk: string;
}

/** @param panel the ground the widget's words stand on; colours are `#rgb` or `#rrggbb` */
export function accentOf(colour: string | null | undefined, panel: string): Accent {
  const accent = parse(colour ?? '') ?? parse(HOUSE)!;
  const ground = parse(panel)!;
  // One of the two always is enough.
  const onAccent = contrast(accent, WHITE) >= ENOUGH ? WHITE : BLACK;
  const goal = contrast(ground, BLACK) > contrast(ground, WHITE) ? BLACK : WHITE;
  let ink = accent;
  for (let step = 0; step <= STEPS && contrast(ink, ground) < ENOUGH; step++) ink = mixed(accent, goal, step / STEPS);
  return { accent: hex(accent), onAccent: hex(onAccent), accentInk: hex(ink) };
}

export const contrastOf = (one: string, other: string): number => contrast(parse(one)!, parse(other)!);

function parse(colour: string): Rgb | undefined {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour.trim())?.[1];
  if (!digits) return undefined;
  const full = digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits;
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as Rgb;
}

const hex = (rgb: Rgb): string => `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/** In whole parts, as it is shown: what can just be read before it is rounded may not be afterwards. */
const mixed = (from: Rgb, to: Rgb, share: number): Rgb => from.map((part, at) => Math.round(part + (to[at]! - part) * share)) as Rgb;

function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
