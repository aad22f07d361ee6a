import { itemWords as words } from "../locales/en/campaign-settings.ts";
import { FieldError, type Errors } from "./field.tsx";
import { SettingList, type SettingRow } from "./setting-list.tsx";

type ItemLinesProps = {
  lines: number;
  /** How many of them stand for what is there already. */
  there: number;
  values: Record<string, string>;
  errors: Errors;
};

/** The sizes of an item, a line each: name, price, cost, stock. */
export function ItemLines({ lines, there, values, errors }: ItemLinesProps) {
  const numbers = Array.from({ length: lines }, (_, line) => line);
  return (
    <div class="lines" role="group" aria-labelledby="lines-heading">
      <h2 id="lines-heading">{words.linesHeading}</h2>
      <p class="hint">{words.linesLead}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th>
            <th scope="col">{words.columns.price}</th>
            <th scope="col">{words.columns.cost}</th>
            <th scope="col">{words.columns.stock}</th>
            {there === 0 ? null : <th scope="col">{words.columns.archived}</th>}
          </tr>
        </thead>
        <tbody>
          {numbers.map((line) => (
            <tr>
              <Cell line={line} part="name" values={values} errors={errors} />
              <Cell line={line} part="price" values={values} errors={errors} />
              <Cell line={line} part="cost" values={values} errors={errors} />
              <Cell line={line} part="stock" values={values} errors={errors} />
              {there === 0 ? null : (
                <td class="closed">{line < there ? <Archived line={line} values={values} /> : null}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The order in which the sizes stand in the shop, where there are several. */
export function VariantOrder({ rows }: { rows: readonly SettingRow[] }) {
  if (rows.length < 2) return null;
  return (
    <section aria-labelledby="order-heading">
      <h2 id="order-heading">{words.orderHeading}</h2>
      <SettingList kind="variant" rows={rows} mayChange />
    </section>
  );
}

type CellProps = {
  line: number;
  part: "name" | "price" | "cost" | "stock";
  values: Record<string, string>;
  errors: Errors;
};

function Cell({ line, part, values, errors }: CellProps) {
  const name = `v.${line}.${part}`;
  const error = errors[name];
  const mode = ({ name: "text", price: "decimal", cost: "decimal", stock: "numeric" } as const)[part];
  return (
    <td class={`${part === "name" ? "" : "number"} ${error === undefined ? "" : "wrong"}`.trim()}>
      <label for={name}>
        <span class="unseen">{`${words.line(line + 1)}: `}</span>
        <span class="cell-label">{words.columns[part]}</span>
      </label>
      <input
        id={name}
        name={name}
        type="text"
        inputmode={mode}
        value={values[name] ?? ""}
        {...(error === undefined ? {} : { "aria-describedby": `${name}-error`, "aria-invalid": "true" as const })}
      />
      {part === "name" ? <Kept name={`v.${line}.slug`} values={values} /> : null}
      {part === "stock" ? <Kept name={`${name}Was`} values={values} /> : null}
      <FieldError name={name} error={error} />
    </td>
  );
}

/** What the form was opened with. */
function Kept({ name, values }: { name: string; values: Record<string, string> }) {
  return values[name] === undefined ? null : <input type="hidden" name={name} value={values[name]} />;
}

function Archived({ line, values }: { line: number; values: Record<string, string> }) {
  const name = `v.${line}.archived`;
  return (
    <label class="choice">
      <input type="checkbox" id={name} name={name} value="yes" checked={values[name] === "yes"} />
      <span>
        <span class="unseen">{`${words.line(line + 1)}: `}</span>
        <span class="cell-label">{words.columns.archived}</span>
      </span>
    </label>
  );
}
