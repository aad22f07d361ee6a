import { expect, it } from "vitest";
import { kept } from "../../src/core/kept.ts";

it("is made once for each name", () => {
  const asked: string[] = [];
  const made = kept((name) => {
    asked.push(name);
    return { name };
  });
  expect(made("CAD")).toBe(made("CAD"));
  expect(made("EUR")).toEqual({ name: "EUR" });
  expect(asked).toEqual(["CAD", "EUR"]);
});

it("is tried again where it could not be made", () => {
  let tries = 0;
  const made = kept(() => {
    tries += 1;
    if (tries === 1) throw new RangeError("not yet");
    return tries;
  });
  expect(() => made("CAD")).toThrow("not yet");
  expect(made("CAD")).toBe(2);
});
