/**
 * What costs much to make and is always the same for one name, such as a formatter of `Intl`, which costs a hundred times
 * what using it does: it is made once and kept. Names must be few: nothing is forgotten.
 */
export function kept<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const fresh = make(name);
    made.set(name, fresh);
    return fresh;
  };
}
