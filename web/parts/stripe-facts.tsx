import { stripeWords as words } from "../locales/en/stripe-settings.ts";
import type { Mode, StripeState } from "../pages/stripe-account.tsx";
import { stripeLines, stripeWarnings } from "./stripe-lines.ts";

/** How an account stands, as a list of terms. */
export function StripeFacts({ mode, state, timeZone }: { mode: Mode; state: StripeState; timeZone: string }) {
  return (
    <section aria-labelledby="state-heading">
      <h2 id="state-heading">{words.stateHeading}</h2>
      <dl class="facts">
        {stripeLines(mode, state, timeZone).map(({ label, text }) => (
          <div>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What somebody should know or do about the account. */
export function StripeWarnings({ mode, state }: { mode: Mode; state: StripeState }) {
  return (
    <>
      {stripeWarnings(mode, state).map((text) => (
        <p class="notice">{text}</p>
      ))}
    </>
  );
}
