import { moneyWords as words } from "../locales/en/money.ts";

type VoidFormProps = {
  /** A move by its number, or a payment by hand by its key. */
  of: { move: string } | { payment: string };
  request: string;
  label: string;
};

/** Folded away until it is wanted: takes back what was recorded by hand, with a reason. */
export function VoidForm({ of, request, label }: VoidFormProps) {
  const id = `why-${Object.values(of)[0] ?? ""}`;
  return (
    <details class="void">
      <summary>{label}</summary>
      <form method="post" action="/desk/money/void">
        {Object.entries(of).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="request" value={request} />
        <div class="field">
          <label for={id}>{words.why}</label>
          <p class="hint" id={`${id}-hint`}>
            {words.whyHint}
          </p>
          <input id={id} name="note" type="text" required aria-describedby={`${id}-hint`} />
        </div>
        <button class="btn quiet" type="submit" aria-label={label}>
          {words.voidIt}
        </button>
      </form>
    </details>
  );
}
