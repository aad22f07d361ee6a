import type { Child, FC } from "hono/jsx";
import { raw } from "hono/html";

export const styleAddress = "/sandbox/payment.css";

/** A page that stands in for one of Stripe's. */
export const Document: FC<{ title: string; children: Child }> = ({ title, children }) => (
  <>
    {raw("<!doctype html>")}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <link rel="stylesheet" href={styleAddress} />
      </head>
      <body>
        <header class="banner">
          <p>
            <strong>Sandbox: no real money.</strong> This page stands in for one of Stripe’s; no card is charged.
          </p>
        </header>
        {children}
      </body>
    </html>
  </>
);

/** A page that only says something: not found, expired, paid already. */
export const NoticePage: FC<{ title: string; text: string; link: { href: string; text: string } | null }> = ({
  title,
  text,
  link,
}) => (
  <Document title={`${title} · Sandbox`}>
    <main class="notice">
      <h1>{title}</h1>
      <p>{text}</p>
      {link !== null && (
        <p>
          <a href={link.href}>{link.text}</a>
        </p>
      )}
    </main>
  </Document>
);
