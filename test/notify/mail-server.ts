/** A mail server in this process, which keeps what it was handed and can be told to refuse. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { onTestFinished } from "vitest";

export interface MailServer {
  url: string;
  mails: ParsedMail[];
  /** Called with each mail before it is accepted; what it throws refuses it. */
  onMail: (mail: ParsedMail) => void | Promise<void>;
  /** Refuses recipients with this status; null: takes them. */
  refuses: number | null;
}

export async function startMailServer(): Promise<MailServer> {
  const state: MailServer = { url: "", mails: [], onMail() {}, refuses: null };
  const server = new SMTPServer({
    authOptional: true,
    // Its own certificate is nobody's to trust.
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _, callback) =>
      username === "sluice" && password === "p@ss"
        ? callback(null, { user: username })
        : callback(new Error("wrong password")),
    onRcptTo(_, __, callback) {
      if (state.refuses === null) return callback();
      callback(Object.assign(new Error("not today"), { responseCode: state.refuses }));
    },
    onData(stream, _, callback) {
      simpleParser(stream)
        .then(async (mail) => {
          await state.onMail(mail);
          state.mails.push(mail);
        })
        .then(() => callback(), callback);
    },
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  state.url = `smtp://sluice:p%40ss@127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return state;
}
