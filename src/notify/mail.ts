/**
 * Mails over SMTP, as a sink. At least once: SMTP cannot tell whether a server that did not answer has the mail (RFC 5321, section 4.5.3.2.6),
 * so a mail may come twice, under the same Message-ID, and is never lost.
 */
import { isIPv4 } from "node:net";
import type { Mail } from "../core/mail.ts";
import { MessageRefused, type Sink, type SinkMessage, type Topic } from "../core/sink.ts";

export interface MailSinkOptions {
  name: string;
  topics: readonly Topic[];
  server: MailServer;
  /** `Sluice <imports@example.com>` */
  from: string;
  /** Null: nobody is to hear of it. */
  mailOf(message: SinkMessage): Promise<Mail | null>;
}

/** Where mails are handed in. */
export interface MailServer {
  host: string;
  port: number;
  /** TLS from the first byte; else STARTTLS where it is there. */
  isSecure: boolean;
  /** Whether STARTTLS must be there: where a password would be sent to another machine. */
  needsTls: boolean;
  user: string | null;
  password: string | null;
}

/** For each step of the conversation; a delivery has half a minute. */
const stepMs = 10_000;

/** @throws what URL throws */
export function mailServer(url: string): MailServer {
  const { protocol, hostname, port, username, password } = new URL(url);
  const isSecure = protocol === "smtps:";
  const host = hostname.replace(/^\[|\]$/g, "");
  const isHere = host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
  return {
    host,
    port: port === "" ? (isSecure ? 465 : 587) : Number(port),
    isSecure,
    needsTls: !isSecure && username !== "" && !isHere,
    user: username === "" ? null : decodeURIComponent(username),
    password: password === "" ? null : decodeURIComponent(password),
  };
}

export function mailSink({ name, topics, server, from, mailOf }: MailSinkOptions): Sink {
  const sender = /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;
  const domain = sender.slice(sender.lastIndexOf("@") + 1);
  return {
    name,
    topics,
    // Those that are sent before one fails must not be sent again with it.
    mostMessages: 1,
    async deliver([message], { signal }) {
      const mail = await mailOf(message);
      if (mail !== null) await send(server, { from, domain, mail }, signal);
    },
  };
}

async function send(
  { host, port, isSecure, needsTls, user, password }: MailServer,
  { from, domain, mail }: { from: string; domain: string; mail: Mail },
  signal: AbortSignal,
): Promise<void> {
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    host,
    port,
    secure: isSecure,
    requireTLS: needsTls,
    ...(user !== null && { auth: { user, pass: password ?? "" } }),
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    dnsTimeout: stepMs,
    // What a letter says never names a file or an address to be put in.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { to, subject, text, html, messageId, settingsUrl } = mail;
  try {
    signal.throwIfAborted();
    await transport.sendMail({
      from,
      // As an object: it is one address, whatever is in it.
      to: { name: "", address: to },
      subject,
      text,
      html,
      messageId: `<${messageId}@${domain}>`,
      headers: {
        // RFC 3834: nobody's holiday answers it.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        ...(settingsUrl !== null && { "List-Unsubscribe": `<${settingsUrl}>` }),
      },
    });
  } catch (error) {
    throw isForGood(error) ? new MessageRefused(String((error as Error).message), { cause: error }) : error;
  } finally {
    transport.close();
  }
}

/** The server will not have this mail (RFC 5321, section 4.2.1: 5yz). A password that it will not have is mended, and the mail sent then. */
function isForGood(error: unknown): boolean {
  const { code, responseCode } = (error ?? {}) as { code?: unknown; responseCode?: unknown };
  return (code === "EENVELOPE" || code === "EMESSAGE") && typeof responseCode === "number" && responseCode >= 500;
}
