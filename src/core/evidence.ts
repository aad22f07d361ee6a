import { evidenceBytesMax, evidenceTypes, type EvidenceType } from "./money-move.ts";

export type EvidenceRefusal = "too large" | "another type";

/**
 * What a paper is, by its first bytes, which must begin as its browser says; null when none was chosen.
 * PDF: https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf 7.5.2
 */
export function readEvidence(
  bytes: Uint8Array,
  saidType: string,
): { ok: true; type: EvidenceType | null } | { ok: false; reason: EvidenceRefusal } {
  if (bytes.length === 0) return { ok: true, type: null };
  if (bytes.length > evidenceBytesMax) return { ok: false, reason: "too large" };
  const type = evidenceTypes.find((each) => each === saidType && begins(bytes, beginnings[each]));
  if (type === undefined || (type === "image/webp" && !begins(bytes.subarray(8), [0x57, 0x45, 0x42, 0x50])))
    return { ok: false, reason: "another type" };
  return { ok: true, type };
}

const beginnings: Record<EvidenceType, readonly number[]> = {
  "application/pdf": [0x25, 0x50, 0x44, 0x46, 0x2d],
  "image/png": [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  "image/jpeg": [0xff, 0xd8, 0xff],
  "image/webp": [0x52, 0x49, 0x46, 0x46],
};

function begins(bytes: Uint8Array, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[index] === byte);
}
