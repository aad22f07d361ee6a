import { frameWords as words } from "../locales/en/frame.ts";
import type { Frame, Room } from "./frame.ts";

/** The sandbox banner, the product's name and the way around. */
export function Header({ frame, current }: { frame: Frame; current: Room }) {
  return (
    <header class="top">
      {frame.sandbox ? (
        <div class="banner">
          <p class="wrap">
            {words.sandbox} <a href="/about-sandbox">{words.whatIsThis}</a>
          </p>
        </div>
      ) : null}
      {frame.desk?.isTold === true ? (
        <div class="banner hand">
          <div class="wrap">
            <p>
              <b>{words.needsHand(frame.desk.needsHand)}</b> <a href="/desk">{words.seeTodo}</a>
            </p>
          </div>
        </div>
      ) : null}
      <div class="wrap top-row">
        <a class="brand" href="/" aria-label={words.home}>
          <svg
            viewBox="0 0 24 24"
            width="24"
            height="24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            aria-hidden="true"
          >
            <path d="M4 20V10a8 8 0 0 1 16 0v10M8 20v-8a4 4 0 0 1 8 0v8M2 20h20" />
          </svg>
          {words.product}
        </a>
        <nav aria-label={words.mainNavigation}>
          <ul>
            <Entry href="/" label={words.rooms.funds} current={current === "funds"} />
            <Entry href="/#shop" label={words.rooms.shop} current={current === "shop"} />
            {frame.boardIsOpen ? <Entry href="/board" label={words.rooms.board} current={current === "board"} /> : null}
            {frame.staff?.seesDesk === true ? (
              <Entry href="/desk" label={words.rooms.desk} current={current === "desk"} />
            ) : null}
          </ul>
        </nav>
        <Who frame={frame} />
      </div>
    </header>
  );
}

/** Who is signed in, the way to their own account, and the way out. */
function Who({ frame: { staff } }: { frame: Frame }) {
  if (staff === null) return null;
  return (
    <form class="who" method="post" action="/sign-out" aria-label={words.signedIn}>
      <a href="/account">{staff.name}</a>
      <button type="submit">{words.signOut}</button>
    </form>
  );
}

function Entry({ href, label, current }: { href: string; label: string; current: boolean }) {
  return (
    <li>
      <a href={href} {...(current ? { "aria-current": "true" } : {})}>
        {label}
      </a>
    </li>
  );
}
