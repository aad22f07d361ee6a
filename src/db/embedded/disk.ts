import { statfs } from "node:fs/promises";
import { isDiskLow, type OwnFinding } from "../../core/alert.ts";

/** What there is to say of the disk that `folder` lies on: a finding when it is nearly full, null while it is not. */
export async function findLowDisk(folder: string, stat: typeof statfs = statfs): Promise<OwnFinding | null> {
  const { bavail, blocks, bsize } = await stat(folder);
  const [freeBytes, totalBytes] = [bavail * bsize, blocks * bsize];
  if (!isDiskLow({ freeBytes, totalBytes })) return null;
  // Rounded, so that the sentence stands still while files come and go.
  const about = {
    freePercent: Math.floor((100 * freeBytes) / totalBytes),
    freeBytes: Math.floor(freeBytes / 10_000_000) * 10_000_000,
  };
  return { kind: "disk low", subject: "", about, hours: 24 };
}
