/** A picture's own account of itself: what it is and how large, read from its first bytes, never from its name. */
export type Picture = { type: "image/png" | "image/jpeg" | "image/webp"; width: number; height: number };

/** A picture as a page shows it; it is served at `/pictures/<id>`. */
export type ShownPicture = { id: string; width: number; height: number; /** What it shows, in words. */ shows: string };

export type PictureRefusal = "no picture" | "too large" | "not a picture" | "another type" | "too many pixels";

const pictureBytesMax = 300 * 1024;
const pictureSideMax = 6000;

/**
 * Reads an upload. Its bytes must begin as the type that the browser names for it does, so that a file that lies about
 * its type is refused whichever of the two is wrong.
 */
export function readPicture(
  bytes: Uint8Array,
  saidType: string,
): { ok: true; picture: Picture } | { ok: false; reason: PictureRefusal } {
  if (bytes.length === 0) return { ok: false, reason: "no picture" };
  if (bytes.length > pictureBytesMax) return { ok: false, reason: "too large" };
  const picture = readPng(bytes) ?? readJpeg(bytes) ?? readWebp(bytes);
  if (picture === null || picture.width === 0 || picture.height === 0) return { ok: false, reason: "not a picture" };
  if (saidType !== picture.type) return { ok: false, reason: "another type" };
  if (Math.max(picture.width, picture.height) > pictureSideMax) return { ok: false, reason: "too many pixels" };
  return { ok: true, picture };
}

/** https://www.w3.org/TR/png-3/#5PNG-file-signature and, always first, its IHDR chunk; the file ends with IEND. */
function readPng(bytes: Uint8Array): Picture | null {
  if (!startsWith(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) || !reads(bytes, 12, "IHDR")) return null;
  if (bytes.length < 45 || !reads(bytes, bytes.length - 8, "IEND")) return null;
  const view = viewOf(bytes);
  return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

/** https://www.w3.org/Graphics/JPEG/itu-t81.pdf table B.1: segments until a start of frame, which holds the size. */
function readJpeg(bytes: Uint8Array): Picture | null {
  if (!startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return null;
  const view = viewOf(bytes);
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { type: "image/jpeg", height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    // The picture itself begins, or it ends, before any frame was named.
    if (marker === 0xda || marker === 0xd9) return null;
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** https://developers.google.com/speed/webp/docs/riff_container: lossy, lossless or extended. */
function readWebp(bytes: Uint8Array): Picture | null {
  if (bytes.length < 30 || !reads(bytes, 0, "RIFF") || !reads(bytes, 8, "WEBP")) return null;
  const view = viewOf(bytes);
  const type = "image/webp";
  if (reads(bytes, 12, "VP8 ") && startsWith(bytes, 23, [0x9d, 0x01, 0x2a])) {
    return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (reads(bytes, 12, "VP8L") && bytes[20] === 0x2f) {
    const bits = view.getUint32(21, true);
    return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (reads(bytes, 12, "VP8X")) return { type, width: uint24(bytes, 24) + 1, height: uint24(bytes, 27) + 1 };
  return null;
}

function uint24(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function startsWith(bytes: Uint8Array, at: number, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte);
}

function reads(bytes: Uint8Array, at: number, word: string): boolean {
  return startsWith(
    bytes,
    at,
    Array.from(word, (letter) => letter.charCodeAt(0)),
  );
}
