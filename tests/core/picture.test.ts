import { describe, expect, it } from "vitest";
import { readPicture } from "../../src/core/picture.ts";
import { picture as png } from "../fixtures/picture.ts";

const bytesOf = (...parts: (string | number[])[]): Uint8Array =>
  new Uint8Array(parts.flatMap((part) => (typeof part === "string" ? Array.from(part, (c) => c.charCodeAt(0)) : part)));
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

/** A comment before the frame, as cameras write one. */
const jpeg = bytesOf([0xff, 0xd8, 0xff, 0xfe, 0, 4, 0x41, 0x42, 0xff, 0xc2, 0, 11, 8, 0, 30, 0, 40, 3], zeros(10));
const lossy = bytesOf("RIFF", zeros(4), "WEBP", "VP8 ", zeros(7), [0x9d, 0x01, 0x2a, 40, 0x40, 30, 0x80], zeros(8));
const lossless = bytesOf("RIFF", zeros(4), "WEBP", "VP8L", zeros(4), [0x2f, 39, 0x40, 0x07, 0], zeros(8));
const extended = bytesOf("RIFF", zeros(4), "WEBP", "VP8X", zeros(8), [39, 0, 0, 29, 0, 0], zeros(4));

describe("a picture says what it is and how large", () => {
  it.each<[string, Uint8Array, string]>([
    ["a PNG", png(40, 30), "image/png"],
    ["a JPEG", jpeg, "image/jpeg"],
    ["a lossy WebP", lossy, "image/webp"],
    ["a lossless WebP", lossless, "image/webp"],
    ["an extended WebP", extended, "image/webp"],
  ])("%s", (_, bytes, type) => {
    expect(readPicture(bytes, type)).toEqual({ ok: true, picture: { type, width: 40, height: 30 } });
  });

  it.each<[string, Uint8Array, string, string]>([
    ["cut off before its size", jpeg.slice(0, 10), "image/jpeg", "not a picture"],
    [
      "a JPEG that begins its picture before a frame",
      bytesOf([0xff, 0xd8, 0xff, 0xda], zeros(20)),
      "image/jpeg",
      "not a picture",
    ],
    [
      "a JPEG whose parts do not join",
      bytesOf([0xff, 0xd8, 0xff, 0xfe, 0, 3, 1, 2, 3], zeros(20)),
      "image/jpeg",
      "not a picture",
    ],
    ["a PNG with something behind its end", bytesOf([...png(4, 4)], "<script>"), "image/png", "not a picture"],
    [
      "a drawing in SVG",
      bytesOf('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      "image/svg+xml",
      "not a picture",
    ],
    ["a GIF", bytesOf("GIF89a", zeros(40)), "image/gif", "not a picture"],
    ["without a type", png(4, 4), "", "another type"],
  ])("is refused when it is %s", (_, bytes, type, reason) => {
    expect(readPicture(bytes, type)).toEqual({ ok: false, reason });
  });
});
