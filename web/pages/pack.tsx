import { type LinkDays, linkDays, type PackLink } from "../../src/core/pack.ts";
import type { PackDocument } from "../charts/pack-block.ts";
import { packsWords as words } from "../locales/en/packs.ts";
import { Field } from "../parts/field.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { PackDocumentView } from "../parts/pack-document.tsx";
import { wordsOf } from "../parts/pack-format.ts";
import { momentInWords } from "../parts/when.ts";

export type PackPageProps = {
  frame: Frame;
  number: bigint;
  documents: readonly PackDocument[];
  notice: string | null;
  /** Null for those who may not make links. */
  links: { listed: readonly PackLink[]; now: Date; made: string | null } | null;
};

/** `GET /board/packs/:number`: a pack as it was made, which prints as it stands. */
export function PackPage({ frame, number, documents, notice, links }: PackPageProps) {
  return (
    <Layout frame={frame} title={words.number(number)} current="board">
      <main id="main" class="wrap packs">
        {notice === null ? null : <Notice>{notice}</Notice>}
        <nav class="over pack-way" aria-label={words.title}>
          <a href="/board/packs">{words.title}</a>
          <span>
            {links === null ? null : (
              <a class="btn quiet" href="#links">
                {words.links.share}
              </a>
            )}{" "}
            <a class="btn quiet" href={`/board/packs/${number}/pack.pdf`}>
              {words.pdf}
            </a>
          </span>
        </nav>
        {links === null || links.made === null ? null : <Made address={links.made} />}
        <Documents documents={documents} />
        {links === null ? null : <Links number={number} frame={frame} {...links} />}
      </main>
    </Layout>
  );
}

export type SharedPackPageProps = {
  frame: Frame;
  documents: readonly PackDocument[];
  /** Where the same is as a PDF. */
  pdf: string;
};

/** `GET /packs/:token`: what a link to a pack shows, without sign-in. */
export function SharedPackPage({ frame, documents, pdf }: SharedPackPageProps) {
  const [first] = documents;
  const title = first === undefined ? words.title : `${first.title}: ${first.period}`;
  return (
    <Layout frame={frame} title={title} current={null} isSecret>
      <main id="main" class="wrap packs">
        <p class="over pack-way">
          <a class="btn quiet" href={pdf} rel="nofollow">
            {words.pdf}
          </a>
        </p>
        <Documents documents={documents} />
      </main>
    </Layout>
  );
}

function Documents({ documents }: { documents: readonly PackDocument[] }) {
  return (
    <>
      {documents.map((document, index) => (
        <PackDocumentView document={document} words={wordsOf(document.language)} isFirst={index === 0} />
      ))}
    </>
  );
}

type LinksProps = NonNullable<PackPageProps["links"]> & { number: bigint; frame: Frame };

/** A link that was just made: nobody can show it again. */
function Made({ address }: { address: string }) {
  return (
    <div class="pack-made panel" role="status">
      <Field name="link" label={words.links.label} hint={words.links.made} error={undefined}>
        <input id="link" type="text" value={address} readonly aria-describedby="link-hint" />
      </Field>
    </div>
  );
}

/** Links to the pack: made, told of, and taken back. */
function Links({ number, frame: { timeZone }, listed, now }: LinksProps) {
  const told = words.links;
  return (
    <section class="pack-links panel" aria-labelledby="links-heading" id="links">
      <h2 id="links-heading">{told.heading}</h2>
      <p class="small soft">{told.lead}</p>
      <form class="pack-make" method="post" action={`/board/packs/${number}/links`}>
        <div>
          <label for="days">{told.days}</label>
          <select id="days" name="days">
            {linkDays.map((days: LinkDays) => (
              <option value={String(days)} selected={days === 30}>
                {told.dayChoice[days]}
              </option>
            ))}
          </select>
        </div>
        <button class="btn" type="submit">
          {told.make}
        </button>
      </form>
      {listed.length === 0 ? (
        <p class="small soft">{told.none}</p>
      ) : (
        <>
          <ul class="pack-link-list" role="list">
            {listed.map((link) => (
              <LinkLine link={link} number={number} now={now} timeZone={timeZone} />
            ))}
          </ul>
          <p class="tiny soft">{told.openedHint}</p>
        </>
      )}
    </section>
  );
}

type LinkLineProps = { link: PackLink; number: bigint; now: Date; timeZone: string };

function LinkLine({ link, number, now, timeZone }: LinkLineProps) {
  const told = words.links;
  const moment = (at: Date): string => momentInWords(at, timeZone);
  const works = link.revokedAt === null && link.expiresAt > now;
  const state =
    link.revokedBy !== null ? told.states.revoked(link.revokedBy) : works ? told.states.works : told.states.ended;
  const last = link.lastOpenedAt === null ? null : moment(link.lastOpenedAt);
  return (
    <li>
      <dl>
        <div>
          <dt>{told.columns.made}</dt>
          <dd>{told.by(moment(link.madeAt), link.madeBy)}</dd>
        </div>
        <div>
          <dt>{told.columns.ends}</dt>
          <dd>{moment(link.expiresAt)}</dd>
        </div>
        <div>
          <dt>{told.columns.opened}</dt>
          <dd>{told.opened(link.opened, last)}</dd>
        </div>
        <div>
          <dt>{told.columns.state}</dt>
          <dd>
            <span class={works ? "chip good" : "chip"}>{state}</span>
          </dd>
        </div>
      </dl>
      {works ? (
        <form method="post" action={`/board/packs/${number}/links/revoke`}>
          <input type="hidden" name="link" value={String(link.id)} />
          <button class="btn quiet" type="submit" aria-label={told.revokeOf(moment(link.madeAt))}>
            {told.revoke}
          </button>
        </form>
      ) : null}
    </li>
  );
}
