/** The browsers that people recognise, in the order in which their user agents must be asked for them. */
const browsers: [RegExp, string][] = [
  [/\bEdgA?\//u, "Edge"],
  [/\bOPR\//u, "Opera"],
  [/\bFirefox\/|\bFxiOS\//u, "Firefox"],
  [/\bSamsungBrowser\//u, "Samsung Internet"],
  [/\bCriOS\/|\bChrome\//u, "Chrome"],
  [/\bSafari\//u, "Safari"],
];

const systems: [RegExp, string][] = [
  [/\biPhone\b/u, "iPhone"],
  [/\biPad\b/u, "iPad"],
  [/\bAndroid\b/u, "Android"],
  [/\bWindows\b/u, "Windows"],
  [/\bMac OS X\b/u, "Mac"],
  [/\bLinux\b/u, "Linux"],
];

/** "Firefox on Windows", or null when a user agent names neither. */
export function browserName(agent: string): string | null {
  const browser = browsers.find(([form]) => form.test(agent))?.[1];
  const system = systems.find(([form]) => form.test(agent))?.[1];
  if (browser === undefined) return system ?? null;
  return system === undefined ? browser : `${browser} on ${system}`;
}
