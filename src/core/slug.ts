/** A short name for addresses, made of a name: lower-case words joined by hyphens, at most 60 characters; "" of nothing. */
export function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}+/gu, "")
    .replaceAll("ə", "e")
    .replaceAll("ı", "i")
    .replaceAll("ß", "ss")
    .replace(/[^a-z0-9]+/gu, "-")
    .slice(0, 60)
    .replace(/^-+|-+$/gu, "");
}
