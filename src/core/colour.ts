/** A colour's parts, 0 to 255. */
type Rgb = [number, number, number];

const paper: Rgb = [0xfb, 0xfa, 0xf6];
const night: Rgb = [0x15, 0x14, 0x0f];
/** What WCAG 2.2 asks of text: https://www.w3.org/TR/WCAG22/#contrast-minimum */
const enough = 4.6;

/** An organisation's colour as its pages may use it, so that everything written in it or on it can be read. */
export type AccentPair = { light: string; dark: string; onLight: string; onDark: string };

/**
 * Makes of one colour the pair for light and dark pages: darker until it can be read on paper, lighter until it can be
 * read at night.
 * @param colour `#rrggbb`
 */
export function accentPair(colour: string): AccentPair {
  const own = rgbOf(colour);
  const light = until(own, paper, 0);
  const dark = until(own, night, 255);
  return { light: hex(light), dark: hex(dark), onLight: "#ffffff", onDark: hex(night) };
}

/** How strongly two colours differ, 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: string, other: string): number {
  return contrastOf(rgbOf(one), rgbOf(other));
}

/** Mixes towards black (0) or white (255) in small steps until it stands out from `ground`. */
function until(own: Rgb, ground: Rgb, goal: 0 | 255): Rgb {
  for (let step = 0; step <= 100; step += 1) {
    const mixed = own.map((part) => Math.round(part + ((goal - part) * step) / 100)) as Rgb;
    const isText = contrastOf(mixed, ground) >= enough;
    // White stands on the light one.
    if (isText && (goal === 255 || contrastOf(mixed, [255, 255, 255]) >= enough)) return mixed;
  }
  return [goal, goal, goal];
}

function contrastOf(one: Rgb, other: Rgb): number {
  const [more = 0, less = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (more + 0.05) / (less + 0.05);
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function rgbOf(colour: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as Rgb;
}

function hex(rgb: Rgb): string {
  return `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
