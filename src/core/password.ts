/** Why a password is not taken. */
export type PasswordRefusal = "too short" | "too long" | "too common";

export const passwordLengthMin = 12;
/** Longer than any that people or their managers make; scrypt would take all of a long text through its first round. */
export const passwordLengthMax = 128;

/**
 * The commonest of twelve characters and more in lists of stolen passwords, as they are compared: in small letters,
 * without spaces. Shorter ones are refused by their length.
 */
const common = new Set(
  `123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 12345678910111 123123123123 123321123321
  098765432109 987654321098 111222333444 112233445566 qwertyuiop12 qwertyuiop123 qwertyuiopas qwertyuiop[] qwertyuiop1234
  qwerty123456 qwerty1234567 qwerty12345678 qwertyqwerty qwertyuiopasdfgh qwertyuiopasdfghjklzxcvbnm
  qazwsxedcrfv qazwsxedc123 1qaz2wsx3edc 1q2w3e4r5t6y 1q2w3e4r5t6y7u8i zaq12wsxcde3 zxcvbnmasdfg asdfghjkl123 asdfghjklqwe
  password1234 password12345 password123456 password12345678 password2024 password2025 password2026 passwordpassword
  mypassword123 mypassword1234 passw0rd1234 p@ssw0rd1234 p@ssword1234 adminadmin123 administrator administrator1
  administrator123 admin1234567 admin12345678 letmein12345 letmeinplease welcome12345 welcome123456 welcometothe
  changeme1234 changemeplease iloveyou1234 iloveyouforever iloveyousomuch correcthorse correcthorsebatterystaple
  abcdefghijkl abcdefghijklm abcdefghijklmnop abcdefghijklmnopqrstuvwxyz abcd12345678 abc123456789 abcdef123456 a1b2c3d4e5f6
  trustno1trustno1 superman1234 dragon123456 football1234 baseball1234 sunshine1234 princess1234 liverpool123 chelsea12345
  michael12345 jennifer1234 jesuschrist1 jesuslovesme godisgood123 thisismypassword nopassword123 secret123456 test12345678
  testtesttest charity12345 donation1234 donations123 treasurer123 fundraising1 almonryalmonry almonry12345`.split(
    /\s+/u,
  ),
);

/**
 * Whether somebody may have this password; what it is made of is not asked.
 * @param own what others know of the person: the name, the address
 * @returns null when it is taken
 */
export function refusePassword(password: string, own: readonly string[] = []): PasswordRefusal | null {
  const length = Array.from(password).length;
  if (length < passwordLengthMin) return "too short";
  if (length > passwordLengthMax) return "too long";
  const plain = password.normalize("NFKC").toLowerCase().replace(/\s+/gu, "");
  if (common.has(plain) || new Set(plain).size < 4) return "too common";
  const known = own.flatMap((text) => [text, text.split("@")[0] ?? ""]).map((text) => text.toLowerCase().trim());
  return known.includes(password.toLowerCase().trim()) ? "too common" : null;
}
