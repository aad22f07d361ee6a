import type { Deed } from "../../src/core/role.ts";
import { frameWords as words } from "../locales/en/frame.ts";
import type { Frame } from "./frame.ts";

/** The rooms of the desk in their order: the address each begins with, and what somebody must be allowed to do there. */
const rooms: { href: string; name: keyof typeof words.deskRooms; deed: Deed }[] = [
  { href: "/desk", name: "todo", deed: "see desk" },
  { href: "/desk/gifts", name: "gifts", deed: "see desk" },
  { href: "/desk/review", name: "review", deed: "see desk" },
  { href: "/desk/money", name: "money", deed: "see desk" },
  { href: "/desk/books", name: "books", deed: "see desk" },
  { href: "/desk/books/payouts", name: "payouts", deed: "see desk" },
  { href: "/desk/alerts", name: "alerts", deed: "see desk" },
  { href: "/desk/dead-letters", name: "deadLetters", deed: "see desk" },
  { href: "/desk/settings", name: "settings", deed: "see desk" },
  { href: "/desk/settings/stripe", name: "stripe", deed: "change settings" },
  { href: "/desk/staff", name: "staff", deed: "manage staff" },
];

/** The way around the desk, the same on phone and desktop: only the rooms that this person may enter. */
export function DeskNav({ desk }: { desk: NonNullable<Frame["desk"]> }) {
  const open = rooms.filter(({ deed }) => desk.deeds.includes(deed));
  // The longest address that the page's own begins with.
  const here = open
    .filter(({ href }) => desk.path === href || (href !== "/desk" && desk.path.startsWith(`${href}/`)))
    .at(-1);
  return (
    <nav class="desk-rooms" aria-label={words.deskNavigation}>
      <div class="wrap">
        <ul role="list">
          {open.map(({ href, name }) => (
            <li>
              <a href={href} {...(href === here?.href ? { "aria-current": desk.path === href ? "page" : "true" } : {})}>
                {words.deskRooms[name]}
                {name === "todo" && desk.needsHand > 0 ? <span class="chip warn">{desk.needsHand}</span> : null}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </nav>
  );
}
