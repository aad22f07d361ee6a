import type { KeyOrigin, StripeAccountRow } from "../../src/core/stripe-account.ts";
import type { AccountAtStripe, TriedPermission } from "../../src/core/stripe-key.ts";
import { stripeWords as words } from "../locales/en/stripe-settings.ts";
import { ErrorSummary } from "../parts/field.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { EndpointForms, ForgetForm, PasteForm } from "../parts/stripe-forms.tsx";
import { StripeFacts, StripeWarnings } from "../parts/stripe-facts.tsx";
import { TriedKeyPart } from "../parts/tried-key.tsx";

export type Mode = "sandbox" | "test" | "live";

/** How an account stands: what we know of it, and what Stripe says now. */
export type StripeState = {
  row: StripeAccountRow;
  key: KeyOrigin;
  secret: KeyOrigin;
  atStripe: AccountAtStripe | null;
  /** The address that Stripe is to post to, and whether it can. */
  door: string;
  isReachable: boolean;
  /** The version that this code reads. */
  apiVersion: string;
};

/** A key that was tried and is not kept yet. `sealed` is the key as only the service can read it. */
export type ShownTrial = {
  permissions: readonly TriedPermission[];
  accountName: string | null;
  lastFour: string;
  sealed: { iv: string; ciphertext: string };
  /** The mode that the database would get by it; null when it stays what it is. */
  switchesTo: Mode | null;
};

export type StripeForm = {
  errors: { key?: string; secret?: string; endpoint?: string };
  tried: ShownTrial | null;
  /** What was just done, in one sentence. */
  done: string | null;
};

export type StripeAccountPageProps = { frame: Frame; mode: Mode; state: StripeState; form: StripeForm };

/** `GET /desk/settings/stripe/:account`: how the account stands, and the forms that connect it. */
export function StripeAccountPage({ frame, mode, state, form }: StripeAccountPageProps) {
  const { row } = state;
  const title = words.accountTitle(row.organisation ?? row.slug);
  const targets = { key: "key", secret: "secret", endpoint: "endpoint-heading" };
  return (
    <Layout frame={frame} title={title} current="desk">
      <main id="main" class="wrap narrow">
        <p class="over">
          <a href="/desk/settings/stripe">{words.back}</a>
        </p>
        <h1>{title}</h1>
        <ErrorSummary errors={form.errors} targets={targets} />
        {form.done === null ? null : <Notice>{form.done}</Notice>}
        {form.tried === null ? null : <TriedKeyPart row={row} mode={mode} tried={form.tried} state={state} />}
        <StripeWarnings mode={mode} state={state} />
        {state.key === null ? <PasteForm mode={mode} state={state} error={form.errors.key} /> : null}
        <StripeFacts mode={mode} state={state} timeZone={frame.timeZone} />
        {state.key === null ? null : <EndpointForms state={state} errors={form.errors} />}
        {state.key === null ? null : <PasteForm mode={mode} state={state} error={form.errors.key} />}
        {state.key?.from === "database" ? <ForgetForm row={row} /> : null}
      </main>
    </Layout>
  );
}
