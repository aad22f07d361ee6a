type ChoiceProps = {
  name: string;
  label: string;
  /** The slug that is chosen; null is any. */
  chosen: string | null;
  any: string;
  children: readonly { slug: string; name: string }[];
};

/** One of several, or any: a list of a filter. */
export function Choice({ name, label, chosen, any, children }: ChoiceProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        <option value="" selected={chosen === null}>
          {any}
        </option>
        {children.map((each) => (
          <option value={each.slug} selected={each.slug === chosen}>
            {each.name}
          </option>
        ))}
      </select>
    </div>
  );
}
