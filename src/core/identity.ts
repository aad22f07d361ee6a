/**
 * The e-mail address as a person's key: trimmed, NFC, lower case. Null when it cannot be one.
 * Two spellings that a mail server may tell apart stay one person here; nobody signs a gift with both.
 */
export function normaliseEmail(email: string | null | undefined): string | null {
  const normal = (email ?? "").trim().normalize("NFC").toLowerCase();
  if (normal.length > 320 || !/^[^\s@]+@[^\s@]+$/u.test(normal)) return null;
  return normal;
}
