import { createServer, type Server, type Socket } from "node:net";

/** A mail as it came over the wire: the envelope, and the text with its headers, unquoted. */
export type Received = { from: string; to: string[]; raw: string; headers: Record<string, string>; body: string };

/** A mail server of a few lines, real enough to be talked to by SMTP: what it received is kept. */
export type SmtpServer = {
  url: string;
  received: Received[];
  /** What it says to the next commands that begin so, such as `RCPT: "550 unknown"`; once each. */
  answers: Record<string, string[]>;
  close: () => Promise<void>;
};

export async function openSmtpServer(): Promise<SmtpServer> {
  const received: Received[] = [];
  const answers: Record<string, string[]> = {};
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    talk(socket, received, answers);
  });
  const port = await listen(server);
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    answers,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function talk(socket: Socket, received: Received[], answers: Record<string, string[]>): void {
  let rest = "";
  let envelope = { from: "", to: [] as string[] };
  let isData = false;
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  say("220 mail.test ESMTP");
  socket.on("data", (chunk) => {
    rest += chunk.toString("latin1");
    for (;;) {
      if (isData) {
        const end = rest.indexOf("\r\n.\r\n");
        if (end < 0) return;
        received.push(read(envelope, Buffer.from(rest.slice(0, end), "latin1").toString("utf8")));
        rest = rest.slice(end + 5);
        isData = false;
        say(answers["."]?.shift() ?? "250 kept");
        continue;
      }
      const end = rest.indexOf("\r\n");
      if (end < 0) return;
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      const command = line.slice(0, 4).toUpperCase();
      const special = answers[command]?.shift();
      if (special !== undefined) say(special);
      else if (command === "EHLO") say("250-mail.test\r\n250 8BITMIME");
      else if (command === "MAIL") {
        envelope = { from: /<(.*)>/u.exec(line)?.[1] ?? "", to: [] };
        say("250 ok");
      } else if (command === "RCPT") {
        envelope.to.push(/<(.*)>/u.exec(line)?.[1] ?? "");
        say("250 ok");
      } else if (command === "DATA") {
        isData = true;
        say("354 go on");
      } else say(command === "QUIT" ? "221 bye" : "250 ok");
    }
  });
}

function read(envelope: { from: string; to: string[] }, raw: string): Received {
  const end = raw.indexOf("\r\n\r\n");
  const head = raw.slice(0, end).replace(/\r\n[ \t]+/gu, " ");
  const headers = Object.fromEntries(
    head.split("\r\n").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), words(line.slice(colon + 1).trim())];
    }),
  );
  const quoted = raw.slice(end + 4).replace(/^\.\./gmu, ".");
  const body =
    headers["content-transfer-encoding"] === "base64"
      ? Buffer.from(quoted, "base64").toString("utf8")
      : headers["content-transfer-encoding"] === "quoted-printable"
        ? unquote(quoted)
        : quoted;
  return { ...envelope, raw, headers, body };
}

/** Encoded words of a header (RFC 2047) as text. */
function words(text: string): string {
  return text
    .replace(/\?=\s+=\?/gu, "?==?")
    .replace(/=\?utf-8\?([bq])\?(.*?)\?=/giu, (_, kind: string, coded: string) =>
      kind.toLowerCase() === "b" ? Buffer.from(coded, "base64").toString("utf8") : unquote(coded.replaceAll("_", " ")),
    );
}

function unquote(text: string): string {
  const bytes = text
    .replace(/=\r?\n/gu, "")
    .replace(/=([0-9A-F]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
