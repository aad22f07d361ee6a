import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";

/** What a try costs: `N * r * 128` bytes of memory, `p` times. */
export type Costs = { N: number; r: number; p: number };

/** 32 MiB and a tenth of a second, as OWASP's sheet on storing passwords asks for scrypt. */
export const usualCosts: Costs = { N: 2 ** 15, r: 8, p: 3 };
const saltBytes = 16;
const hashBytes = 32;

/** A password as it is kept: `scrypt$N$r$p$salt$hash`, so that the costs can rise and old ones still be read. */
export async function hashPassword(password: string, costs = usualCosts): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, costs);
  return ["scrypt", costs.N, costs.r, costs.p, salt.toString("base64"), hash.toString("base64")].join("$");
}

/** Whether `password` is the one kept as `hash`; takes as long for a wrong one as for the right one. */
export async function isPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const [kind, n, r, p, salt = "", kept = ""] = hash.split("$");
  if (kind !== "scrypt") return false;
  const expected = Buffer.from(kept, "base64");
  const found = await derive(password, Buffer.from(salt, "base64"), { N: Number(n), r: Number(r), p: Number(p) });
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** Two keyboards may write one letter in two ways. */
async function derive(password: string, salt: Buffer, { N, r, p }: Costs): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return await new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, hashBytes, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
