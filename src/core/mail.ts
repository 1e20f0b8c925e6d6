/** Mails about imports: what one is, who gets it, and what people say about that. */
import type { Language } from "./fields/language.ts";
import type { SignedIn } from "./users.ts";

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The same whenever it is sent again, without `<>`: a mail program that has it already may show it once. */
  messageId: string;
  /** A page where the person turns such mails off; null: there is none. */
  settingsUrl: string | null;
}

/** What a person says about mails. */
export interface MailChoices {
  /** No mails at all. */
  isOff: boolean;
  /** Smaller imports send none; null: as the server has it. */
  fromRows: number | null;
  /** Null: the language in which the import was made. */
  language: Language | null;
}

/** Who hears of an import, and at which address. */
export interface MailRecipient extends MailChoices {
  address: string;
}

export interface MailRecipients {
  /** Null: nobody, or nobody whose address is known. `isFetched`: by a source, so that nobody is looking at it. */
  ofImport(importId: number): Promise<(MailRecipient & { isFetched: boolean }) | null>;
  /** Who made a source, and whether it has stopped or failed by now; null as above. */
  ofSource(sourceId: number): Promise<(MailRecipient & { hasFailed: boolean }) | null>;
  /** `id`: of the person, as uploads tell people apart. `userId`: of their account. */
  get(id: string, userId: string): Promise<MailChoices & { address: string | null }>;
  change(id: string, choices: Partial<MailChoices>): Promise<void>;
}

/** Who is to hear of an import by mail. */
export interface Notified {
  /** The person, as uploads tell people apart. */
  id: string;
  /** As their sign-in says it; null: it does not. */
  address: string | null;
}

/** RFC 5321, section 4.5.3.1. */
const longestAddress = 254;
/** One plain address: nothing that a mail's header would take for more than that. */
const addressPattern = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/;

export function isMailAddress(text: string): boolean {
  return text.length <= longestAddress && addressPattern.test(text);
}

/** The address of whoever is signed in, as their app or the issuer of their JWT says it; null: neither does. */
export function addressOf(user: SignedIn): string | null {
  const claims = (user.claims ?? {}) as { email?: unknown; email_verified?: unknown };
  const said = user.email ?? (claims.email_verified === false ? null : claims.email);
  return typeof said === "string" && isMailAddress(said) ? said : null;
}
