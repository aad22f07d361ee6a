import { createTransport } from "nodemailer";

/** A mail on its way. `id` is the same at every try, so that a server or reader that sees it twice can tell. */
export type OutgoingMail = { id: string; recipient: string; subject: string; body: string };

/** What came of handing a mail over; reasons are codes, never a server's words, which may quote an address. */
export type Handover =
  | { outcome: "sent" }
  /** No mail at all can be handed over now: not reachable, or it does not let us in. */
  | { outcome: "away"; reason: string }
  /** This one mail was not taken; `isFinal` when asking again would be answered the same. */
  | { outcome: "refused"; reason: string; isFinal: boolean };

export type Mailer = { send: (mail: OutgoingMail) => Promise<Handover> };

/** Each part of the talk may take this long; together they stay below the lease of a mail. */
const timeouts = { dnsTimeout: 10_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/**
 * Hands mails over to the server of `SMTP_URL`, from `MAIL_FROM` and nobody else. A password is only ever sent encrypted,
 * but for a server on this machine.
 */
export function createMailer({ url, from }: { url: string; from: string }): Mailer {
  const { hostname, username, protocol } = new URL(url);
  const isHere = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u.test(hostname);
  const transport = createTransport({
    url,
    ...timeouts,
    requireTLS: protocol === "smtp:" && username !== "" && !isHere,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ id, recipient, subject, body }) {
      try {
        await transport.sendMail({
          from,
          to: { name: "", address: recipient },
          subject,
          text: body,
          messageId: `<${id}>`,
          // Holiday notes and other robots stay silent.
          headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
        });
        return { outcome: "sent" };
      } catch (error) {
        return asHandover(error);
      }
    },
  };
}

function asHandover(error: unknown): Handover {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const name = typeof code === "string" ? code : "unknown";
  const status = typeof responseCode === "number" ? responseCode : null;
  const reason = status === null ? name : `${name} ${status}`;
  // What a server says of the sender, the recipient or the text concerns this mail; all else concerns the way to it.
  if (status !== null && (name === "EENVELOPE" || name === "EMESSAGE"))
    return { outcome: "refused", reason, isFinal: status >= 500 };
  return name === "EENVELOPE" ? { outcome: "refused", reason, isFinal: true } : { outcome: "away", reason };
}
