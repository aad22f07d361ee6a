import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** The chart's colours of `tokens.css`, as people with and without colour blindness see them. */

type Colour = [red: number, green: number, blue: number];
type Scheme = "light" | "dark";

const tokens = readFileSync(new URL("../../web/style/tokens.css", import.meta.url), "utf8");

function token(name: string, scheme: Scheme): Colour {
  const pair = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`, "u").exec(tokens);
  const hex = pair?.[scheme === "light" ? 1 : 2];
  if (hex === undefined) throw new Error(`there is no colour ${name}`);
  return [1, 3, 5].map((place) => Number.parseInt(hex.slice(place, place + 2), 16) / 255) as Colour;
}

const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const times = (matrix: number[][], colour: Colour): Colour =>
  matrix.map((row) => row.reduce((sum, factor, place) => sum + factor * (colour[place] ?? 0), 0)) as Colour;

/** Machado, Oliveira and Fernandes (2009), severity 1.0, on linear light. */
const sights: Record<string, number[][]> = {
  everybody: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
};

/** CIE L*a*b* of linear light, D65. */
function lab(colour: Colour): Colour {
  const [x, y, z] = times(
    [
      [0.4124, 0.3576, 0.1805],
      [0.2126, 0.7152, 0.0722],
      [0.0193, 0.1192, 0.9505],
    ],
    colour,
  );
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  return [116 * f(y) - 16, 500 * (f(x / 0.9505) - f(y)), 200 * (f(y) - f(z / 1.089))];
}

const seen = (name: string, scheme: Scheme, sight: number[][]) =>
  lab(times(sight, token(name, scheme).map(linear) as Colour));

function distance(one: string, other: string, scheme: Scheme, sight: number[][]): number {
  const [a, b] = [seen(one, scheme, sight), seen(other, scheme, sight)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function contrast(one: string, other: string, scheme: Scheme): number {
  const light = (name: string) => times([[0.2126, 0.7152, 0.0722]], token(name, scheme).map(linear) as Colour)[0];
  const [a, b] = [light(one), light(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const schemes: Scheme[] = ["light", "dark"];

it("colours that stand in one chart can be told apart by everybody", () => {
  const pairs = [
    ["chart-given", "chart-returned"],
    ["chart-given", "chart-unassigned"],
    ["chart-given", "chart-unfinished"],
    ["chart-given", "chart-new"],
    ["heat-0", "heat-1"],
    ["heat-1", "heat-2"],
    ["heat-2", "heat-3"],
    ["heat-3", "heat-4"],
  ];
  const alike = schemes.flatMap((scheme) =>
    Object.entries(sights).flatMap(([who, sight]) =>
      pairs
        .map(([one = "", other = ""]) => ({ one, other, far: distance(one, other, scheme, sight) }))
        .filter(({ far }) => far < 14)
        .map(({ one, other, far }) => `${scheme}, ${who}: ${one} and ${other} are ${far.toFixed(1)} apart`),
    ),
  );
  expect(alike).toEqual([]);
});

it("the steps of heat go one way in lightness, for every sight", () => {
  for (const scheme of schemes) {
    for (const sight of Object.values(sights)) {
      const steps = [0, 1, 2, 3, 4].map((step) => seen(`heat-${step}`, scheme, sight)[0]);
      const sorted = steps.toSorted((a, b) => (scheme === "light" ? b - a : a - b));
      expect(steps).toEqual(sorted);
    }
  }
});

it("what is written on a square can be read, and bars and lines stand out from the paper", () => {
  for (const scheme of schemes) {
    for (const step of [0, 1, 2]) expect(contrast(`heat-${step}`, "ink", scheme)).toBeGreaterThan(4.5);
    for (const step of [3, 4]) expect(contrast(`heat-${step}`, "paper", scheme)).toBeGreaterThan(4.5);
    for (const name of ["chart-given", "chart-returned", "chart-unassigned", "chart-new"]) {
      expect(contrast(name, "paper", scheme)).toBeGreaterThan(3);
    }
  }
});
