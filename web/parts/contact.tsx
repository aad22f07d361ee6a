/** An e-mail address or a web address becomes a link; anything else, such as a telephone number, stays text. */
export function Contact({ contact }: { contact: string }) {
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/u.test(contact)) return <a href={`mailto:${contact}`}>{contact}</a>;
  if (/^https?:\/\/\S+$/u.test(contact)) return <a href={contact}>{contact.replace(/^https?:\/\//u, "")}</a>;
  return <span>{contact}</span>;
}
