import type { Organisation } from "../../src/core/fund.ts";
import { frameWords as words } from "../locales/en/frame.ts";
import { Contact } from "./contact.tsx";
import type { Frame } from "./frame.ts";

/** Who stands behind the page: the legal name, address and contact of every organisation it names. */
export function Footer({ frame }: { frame: Frame }) {
  return (
    <footer class="bottom">
      <div class="wrap">
        {frame.organisations.length === 0 ? null : (
          <>
            <h2 class="quiet-heading">{words.organisationsHeading}</h2>
            <div class="organisations">
              {frame.organisations.map((organisation) => (
                <Imprint organisation={organisation} />
              ))}
            </div>
          </>
        )}
        <p>
          {words.footer} <a href="/api/totals">{words.api}</a>
          {frame.staff === null ? (
            <>
              {" · "}
              <a href="/sign-in">{words.signIn}</a>
            </>
          ) : null}
        </p>
      </div>
    </footer>
  );
}

function Imprint({ organisation }: { organisation: Organisation }) {
  return (
    <address>
      {organisation.picture === null ? null : (
        <img
          class="logo"
          src={`/pictures/${organisation.picture.id}`}
          width={organisation.picture.width}
          height={organisation.picture.height}
          alt={organisation.picture.shows}
          loading="lazy"
        />
      )}
      <b>{organisation.legalName}</b>
      {organisation.address.split("\n").map((line) => (
        <span>{line}</span>
      ))}
      {organisation.registrationNumber === null ? null : (
        <span>{words.registration(organisation.registrationNumber)}</span>
      )}
      <Contact contact={organisation.contact} />
    </address>
  );
}
