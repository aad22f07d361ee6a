import { describe, expect, test } from "vitest";
import { createSeal } from "../src/seal.ts";

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const about = ["1", "secret key"];

describe("a sealed text", () => {
  test("opens with the same key about the same thing, and shows nothing of itself", async () => {
    const seal = await createSeal(key(7));
    const sealed = await seal.seal("rk_live_canary_0123456789", about);
    expect(JSON.stringify(sealed)).not.toContain("canary");
    expect(atob(sealed.ciphertext)).not.toContain("canary");
    expect(await seal.open(sealed, about)).toBe("rk_live_canary_0123456789");
    expect(await (await createSeal(key(7))).open(sealed, about)).toBe("rk_live_canary_0123456789");
  });

  test("is another one each time", async () => {
    const seal = await createSeal(key(7));
    expect(await seal.seal("same", about)).not.toEqual(await seal.seal("same", about));
  });

  test.each([
    ["another account", ["2", "secret key"]],
    ["another kind", ["1", "webhook secret"]],
    ["words run together", ['1","secret key']],
  ])("does not open about %s", async (_claim, other) => {
    const seal = await createSeal(key(7));
    expect(await seal.open(await seal.seal("secret", about), other)).toBeNull();
  });

  test("does not open with another key, altered, or when it is none at all", async () => {
    const seal = await createSeal(key(7));
    const other = await createSeal(key(8));
    const sealed = await seal.seal("secret", about);
    expect(await other.open(sealed, about)).toBeNull();
    expect(other.fingerprint).not.toBe(seal.fingerprint);
    expect(seal.fingerprint).toMatch(/^[0-9a-f]{16}$/u);
    const bytes = Uint8Array.from(atob(sealed.ciphertext), (character) => character.charCodeAt(0));
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    expect(await seal.open({ ...sealed, ciphertext: btoa(String.fromCharCode(...bytes)) }, about)).toBeNull();
    expect(await seal.open({ iv: "?", ciphertext: "not base64" }, about)).toBeNull();
  });
});
