import type { StripeAccountRow } from "../../src/core/stripe-account.ts";
import { stripeWords as words } from "../locales/en/stripe-settings.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";

export type StripeAccountsPageProps = {
  frame: Frame;
  mode: "sandbox" | "test" | "live";
  /** Those that this person may change. */
  accounts: readonly { row: StripeAccountRow; isConnected: boolean }[];
};

/** `GET /desk/settings/stripe`: every Stripe account, and whether it is connected. */
export function StripeAccountsPage({ frame, mode, accounts }: StripeAccountsPageProps) {
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap narrow">
        <p class="over">
          <a href="/desk/settings">{words.over}</a>
        </p>
        <h1>{words.heading}</h1>
        <p class="lead">{words.lead}</p>
        <p class="notice">{words.modes[mode]}</p>
        {accounts.length === 0 ? <None /> : null}
        <ul class="ruled" role="list">
          {accounts.map(({ row, isConnected }) => (
            <li class="entry">
              <span>
                <strong>{row.organisation ?? row.slug}</strong>
                <br />
                <span class="small soft">{isConnected ? words.connected : words.notConnected}</span>
              </span>
              <a
                class={isConnected ? "btn quiet" : "btn"}
                href={`/desk/settings/stripe/${row.slug}`}
                aria-label={words.openOf(row.organisation ?? row.slug)}
              >
                {words.open}
              </a>
            </li>
          ))}
        </ul>
      </main>
    </Layout>
  );
}

function None() {
  return (
    <>
      <p>{words.none}</p>
      <p class="actions">
        <a class="btn" href="/desk/settings/organisations/new">
          {words.makeOrganisation}
        </a>
      </p>
    </>
  );
}
