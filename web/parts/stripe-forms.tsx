import { listenedTypes } from "../../src/core/event.ts";
import type { StripeAccountRow } from "../../src/core/stripe-account.ts";
import { stripeWords as words } from "../locales/en/stripe-settings.ts";
import type { Mode, StripeForm, StripeState } from "../pages/stripe-account.tsx";
import { describedBy, Field } from "./field.tsx";

const base = (row: StripeAccountRow): string => `/desk/settings/stripe/${row.slug}`;

/** Where a key is pasted. What was pasted is never shown again, not even beside an error. */
export function PasteForm({ mode, state, error }: { mode: Mode; state: StripeState; error: string | undefined }) {
  const { row, key } = state;
  return (
    <section aria-labelledby="paste-heading">
      <h2 id="paste-heading">{key === null ? words.pasteHeading : words.pasteAgainHeading}</h2>
      <p>{words.pasteLead}</p>
      {mode === "sandbox" ? <p class="small soft">{words.pasteSandbox(`rk_test_sandbox_${row.slug}`)}</p> : null}
      <form class="panel" method="post" action={`${base(row)}/try`}>
        <Field name="key" label={words.keyLabel} hint={words.keyHint} error={error}>
          <input
            id="key"
            name="key"
            type="password"
            autocomplete="off"
            spellcheck={false}
            maxlength={300}
            required
            {...describedBy("key", words.keyHint, error)}
          />
        </Field>
        <p class="actions">
          <button class={key === null ? "btn" : "btn quiet"} type="submit">
            {words.tryButton}
          </button>
          <a class="btn quiet" href={words.keyPages[mode]} target="_blank" rel="noopener noreferrer">
            {words.keyPage}
          </a>
        </p>
      </form>
    </section>
  );
}

/** The endpoint: made by us, or by hand with the same address, version and events. */
export function EndpointForms({ state, errors }: { state: StripeState; errors: StripeForm["errors"] }) {
  const { row, secret, isReachable } = state;
  return (
    <section aria-labelledby="endpoint-heading">
      <h2 id="endpoint-heading">{words.endpointHeading}</h2>
      <p>{words.endpointLead}</p>
      {errors.endpoint === undefined ? null : <p class="error">{errors.endpoint}</p>}
      {isReachable ? (
        <form method="post" action={`${base(row)}/endpoint`}>
          <button class={secret === null ? "btn" : "btn quiet"} type="submit">
            {secret === null ? words.endpointButton : words.endpointAgain}
          </button>
        </form>
      ) : null}
      <details open={errors.secret !== undefined}>
        <summary>{words.manualHeading}</summary>
        <ByHand state={state} error={errors.secret} />
      </details>
    </section>
  );
}

function ByHand({ state, error }: { state: StripeState; error: string | undefined }) {
  const events = Object.keys(listenedTypes);
  return (
    <div class="panel">
      <p>{words.manualLead}</p>
      <dl class="facts">
        <div>
          <dt>{words.manualAddress}</dt>
          <dd>{state.door}</dd>
        </div>
        <div>
          <dt>{words.manualVersion}</dt>
          <dd>{state.apiVersion}</dd>
        </div>
      </dl>
      <div class="field">
        <label for="events">{words.manualEvents}</label>
        <textarea id="events" rows={8} readonly>
          {events.join("\n")}
        </textarea>
      </div>
      <form method="post" action={`${base(state.row)}/secret`}>
        <Field name="secret" label={words.secretLabel} hint={words.secretHint} error={error}>
          <input
            id="secret"
            name="secret"
            type="password"
            autocomplete="off"
            spellcheck={false}
            maxlength={300}
            required
            {...describedBy("secret", words.secretHint, error)}
          />
        </Field>
        <button class="btn quiet" type="submit">
          {words.secretButton}
        </button>
      </form>
    </div>
  );
}

/** Ends the use of a pasted key. */
export function ForgetForm({ row }: { row: StripeAccountRow }) {
  return (
    <section aria-labelledby="forget-heading">
      <h2 id="forget-heading">{words.forgetHeading}</h2>
      <p>{words.forgetLead}</p>
      <form method="post" action={`${base(row)}/forget`}>
        <button class="btn quiet" type="submit">
          {words.forgetButton}
        </button>
      </form>
    </section>
  );
}
