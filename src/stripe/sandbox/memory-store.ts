import type { SandboxAnswer, SandboxEntry, SandboxQuery, SandboxTask, SandboxTaskName } from "../../core/sandbox.ts";
import type { Store, StripeObject } from "./store.ts";

/** An object as text, as a database would keep it: what was handed out or taken in later cannot change it. */
type Kept = Omit<SandboxEntry<StripeObject>, "doc"> & { text: string; position: number };

/** A store that forgets everything at the end of the process. */
export function memoryStore(): Store {
  const secrets = new Map<string, string>();
  const objects = new Map<string, Kept>();
  const tasks = new Map<string, SandboxTask>();
  const answers = new Map<string, SandboxAnswer>();
  let position = 0;

  const read = (kept: Kept): StripeObject => JSON.parse(kept.text) as StripeObject;
  const taskName = ({ account, kind, id }: SandboxTaskName): string => `${kind} ${account} ${id}`;
  const isUndelivered = (kept: { account: string; id: string }): boolean =>
    tasks.has(taskName({ ...kept, kind: "deliver" }));

  function matches(kept: Kept, query: SandboxQuery): boolean {
    const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = query.created;
    if (kept.account !== query.account || kept.kind !== query.kind) return false;
    if (!(kept.created > gt && kept.created >= gte && kept.created < lt && kept.created <= lte)) return false;
    if (query.undelivered !== null && isUndelivered(kept) !== query.undelivered) return false;
    if (query.anyOf.length > 0 && !query.anyOf.some((key) => kept.keys.includes(key))) return false;
    return query.keys.every((key) => kept.keys.includes(key));
  }

  return {
    async webhookSecret(account, fresh) {
      const known = secrets.get(account) ?? fresh;
      secrets.set(account, known);
      return known;
    },
    async find(account, ids) {
      return ids.flatMap((id) => {
        const kept = objects.get(id);
        return kept?.account === account ? [read(kept)] : [];
      });
    },
    async owner(id) {
      return objects.get(id)?.account ?? null;
    },
    async list(query) {
      const sign = query.order === "oldest first" ? 1 : -1;
      const compare = (a: Kept, b: Kept): number => sign * (a.created - b.created || a.position - b.position);
      const found = [...objects.values()].filter((kept) => matches(kept, query)).sort(compare);
      const cursor = objects.get(query.after ?? query.before ?? "");
      if (cursor === undefined) return found.slice(0, query.limit).map(read);
      if (query.after !== null)
        return found
          .filter((kept) => compare(kept, cursor) > 0)
          .slice(0, query.limit)
          .map(read);
      return found
        .filter((kept) => compare(kept, cursor) < 0)
        .slice(-query.limit)
        .map(read);
    },
    async due(kinds, at, limit) {
      const due = [...tasks.values()].filter((task) => kinds.includes(task.kind) && task.dueAt <= at);
      return due.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime()).slice(0, limit);
    },
    async undelivered(account, ids) {
      return ids.filter((id) => isUndelivered({ account, id }));
    },
    async answer(account, key, since) {
      const found = answers.get(`${account} ${key}`);
      return found !== undefined && found.at >= since ? found : null;
    },
    async save(change) {
      for (const { doc, ...entry } of change.entries) {
        const known = objects.get(entry.id)?.position;
        objects.set(entry.id, { ...entry, text: JSON.stringify(doc), position: known ?? (position += 1) });
      }
      for (const task of change.tasks) tasks.set(taskName(task), task);
      for (const name of change.done) tasks.delete(taskName(name));
      if (change.answer !== null) answers.set(`${change.answer.account} ${change.answer.key}`, change.answer);
    },
    async forgetAnswers(at) {
      for (const [name, answer] of answers) if (answer.at < at) answers.delete(name);
    },
  };
}
