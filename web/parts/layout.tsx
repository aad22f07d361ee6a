import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { frameWords as words } from "../locales/en/frame.ts";
import { DeskNav } from "./desk-nav.tsx";
import { Footer } from "./footer.tsx";
import type { Frame, Room } from "./frame.ts";
import { Header } from "./header.tsx";

type LayoutProps = {
  frame: Frame;
  /** What the browser's tab says before the product's name. */
  title: string;
  current: Room;
  /** One sentence for search engines and link previews. */
  description?: string;
  /** Whether the address is a secret: no search engine keeps it, and no page that is opened from here learns of it. */
  isSecret?: boolean;
  children?: Child;
};

/** The colour of the organisation that stands first. */
function AccentStyle({ frame }: { frame: Frame }) {
  const accent = frame.organisations[0]?.accent ?? null;
  return accent === null ? null : <link rel="stylesheet" href={`/accent/${accent.slice(1)}.css`} />;
}

/** The document around every page. No inline script or style, so that the content security policy can forbid both. */
export function Layout({ frame, title, current, description, isSecret = false, children }: LayoutProps) {
  return (
    <>
      {raw("<!doctype html>")}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{words.title(title)}</title>
          {description === undefined ? null : <meta name="description" content={description} />}
          {isSecret ? (
            <>
              <meta name="robots" content="noindex, nofollow" />
              <meta name="referrer" content="no-referrer" />
            </>
          ) : null}
          <link rel="stylesheet" href={frame.assets.style} />
          <AccentStyle frame={frame} />
          <script type="module" src={frame.assets.script}></script>
        </head>
        <body>
          <a class="skip" href="#main">
            {words.skip}
          </a>
          <Header frame={frame} current={current} />
          {current === "desk" && frame.desk ? <DeskNav desk={frame.desk} /> : null}
          {children}
          <Footer frame={frame} />
        </body>
      </html>
    </>
  );
}
