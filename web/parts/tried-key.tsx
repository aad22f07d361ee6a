import type { StripeAccountRow } from "../../src/core/stripe-account.ts";
import { stripeWords as words } from "../locales/en/stripe-settings.ts";
import type { Mode, ShownTrial, StripeState } from "../pages/stripe-account.tsx";

type TriedKeyProps = { row: StripeAccountRow; mode: Mode; tried: ShownTrial; state: StripeState };

/** What a pasted key may do, each permission by itself, and the button that has it kept. */
export function TriedKeyPart({ row, mode, tried, state }: TriedKeyProps) {
  const missing = tried.permissions.filter(({ outcome }) => outcome === "missing");
  const keyMode = tried.switchesTo ?? mode;
  const makesEndpoint = state.isReachable && !missing.some(({ name }) => name === "write webhook endpoints");
  return (
    <section class="panel" aria-labelledby="tried-heading" tabindex={-1} data-focus>
      <h2 id="tried-heading">{words.triedHeading}</h2>
      <p>{words.triedOf(tried.accountName ?? words.unnamed)}</p>
      <p>
        <strong>{missing.length === 0 ? words.triedAll : words.triedMissing(missing.length)}</strong>
      </p>
      <table class="tried">
        <thead>
          <tr>
            <th scope="col">{words.columns.permission}</th>
            <th scope="col">{words.columns.outcome}</th>
          </tr>
        </thead>
        <tbody>
          {[...missing, ...tried.permissions.filter(({ outcome }) => outcome !== "missing")].map((each) => (
            <tr>
              <th scope="row">{words.permissions[each.name]}</th>
              <td>
                {each.outcome === "granted" ? words.outcomes.granted : <strong>{words.outcomes[each.outcome]}</strong>}
                {each.words === null ? null : <p class="small soft">{words.stripeSays(each.words)}</p>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {missing.length === 0 ? null : (
        <p class="actions">
          <a class="btn quiet" href={words.keyPages[keyMode]} target="_blank" rel="noopener noreferrer">
            {words.keyPage}
          </a>
        </p>
      )}
      <form class="keep" method="post" action={`/desk/settings/stripe/${row.slug}/keep`}>
        <h3>{words.keepHeading}</h3>
        <p>{makesEndpoint ? words.keepWithEndpoint : words.keepWithout}</p>
        {tried.switchesTo === null ? null : <p>{words.switching(tried.switchesTo)}</p>}
        <input type="hidden" name="iv" value={tried.sealed.iv} />
        <input type="hidden" name="ciphertext" value={tried.sealed.ciphertext} />
        <input type="hidden" name="endpoint" value={makesEndpoint ? "make" : ""} />
        <p class="actions">
          <button class={missing.length === 0 ? "btn" : "btn quiet"} type="submit">
            {missing.length === 0 ? words.keepButton : words.keepAnyway}
          </button>
        </p>
      </form>
    </section>
  );
}
