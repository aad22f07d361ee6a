type DayFieldProps = { name: "from" | "to"; label: string; value: string; isWrong: boolean };

/** A day of a period; after a mistake as plain text, because a date field would drop what was typed. */
export function DayField({ name, label, value, isWrong }: DayFieldProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={isWrong ? "text" : "date"}
        value={value}
        {...(isWrong ? { "aria-invalid": "true", "aria-describedby": "period-error" } : {})}
      />
    </div>
  );
}
