import { expect, test } from "vitest";
import { accentPair, contrast } from "../../src/core/colour.ts";

test("every colour an organisation may choose can be read, in light and in dark", () => {
  const steps = ["00", "33", "66", "99", "cc", "ff"];
  for (const red of steps)
    for (const green of steps)
      for (const blue of steps) {
        const { light, dark, onLight, onDark } = accentPair(`#${red}${green}${blue}`);
        const read = [
          contrast(light, "#fbfaf6"),
          contrast(onLight, light),
          contrast(dark, "#15140f"),
          contrast(onDark, dark),
        ];
        expect(Math.min(...read)).toBeGreaterThanOrEqual(4.5);
      }
});

test("a colour that can be read stays as it is", () => {
  expect(accentPair("#8f1d3a").light).toBe("#8f1d3a");
  expect(accentPair("#f29aae").dark).toBe("#f29aae");
});
