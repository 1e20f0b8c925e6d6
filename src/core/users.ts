/**
 * Who asks: a person or a program, what they may do, and how a request tells. What is kept of them (accounts, sessions,
 * tokens, the audit trail) is a port; postgres/accounts/users.ts and its neighbours are the adapter.
 */

export const roles = ["operator", "admin", "user"] as const;
export type Role = (typeof roles)[number];

export interface User {
  id: string;
  name: string;
  /**
   * A user sees their own imports; an admin those of everybody, within the contexts that are theirs where importers have context;
   * an operator everything.
   */
  role: Role;
}

/** Whose the imports of a program are that says nobody's name, as its id: no person has it. */
export const programId = "program";

/** A user as authenticated by a request, with whatever else an app's own `authenticate` says: `user.tenantId`. A JWT's have `claims`. */
// biome-ignore lint/suspicious/noExplicitAny: what an app says of its users is known to the app
export type SignedIn = User & { readonly [property: string]: any };

/** What is done to an import, or with an importer, as `can` is asked. */
export type UserAction = "import" | "view" | "edit" | "commit" | "undo" | "delete";

/** Whether a role is at least as much as another: nobody gives more than they have. */
export function reachesRole(role: Role, wanted: Role): boolean {
  return roles.indexOf(role) <= roles.indexOf(wanted);
}

/** A user that Sluice keeps itself; those of a JWT are kept by its issuer. */
export interface Account extends User {
  /** The order in which they came; pages follow it. */
  number: number;
  createdAt: Date;
  lastSignedInAt: Date | null;
  /** Since when nobody comes in as them. */
  disabledAt: Date | null;
  /** Where mails about their imports go; null: none are sent. */
  email: string | null;
}

/** Who changes something, for the audit trail. `id` null: the command line, or Sluice itself. */
export interface Author {
  id: string | null;
  name: string;
  /** Where the request came from, where that is known. */
  address?: string;
}

/** A secret that opens the way to a session, once. */
export interface SignInCode {
  code: string;
  expiresAt: Date;
}

/** A new session; its secret is returned only here. */
export interface NewSession {
  user: User;
  secret: string;
}

/** A program's credential: a secret that is returned once, when it is created. */
export interface ApiToken {
  id: number;
  name: string;
  userId: string;
  userName: string;
  /** The program may at most what its user may. */
  role: Role;
  createdAt: Date;
  createdBy: string | null;
  /** Within a minute. */
  lastUsedAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

export interface NewToken {
  name: string;
  userId: string;
  role: Role;
  /** Null: never. */
  expiresAt: Date | null;
}

export const auditNames = [
  "session.started",
  "sign_in.refused",
  "session.ended",
  "sessions.revoked",
  "sign_in_link.made",
  "user.created",
  "user.changed",
  "user.disabled",
  "user.enabled",
  "token.created",
  "token.revoked",
  "token.refused",
] as const;
export type AuditName = (typeof auditNames)[number];

/** One line of the audit trail: never a secret. */
export interface AuditEntry {
  id: number;
  at: Date;
  name: AuditName;
  actor: string | null;
  actorName: string;
  /** Whom it is about. */
  userId: string | null;
  data: Record<string, unknown>;
}

/** A secret with which somebody wanted to come in, and was refused. */
export interface RefusedSecret {
  kind: "code" | "token";
  secret: string;
  /** Where it came from, where that is known. */
  address?: string;
}

export interface AccountChanges {
  name?: string;
  role?: Role;
  disabled?: boolean;
  /** Null: none. */
  email?: string | null;
}

/** A page of a list: up to `limit` items after the last one seen. */
interface Page {
  after?: number;
  limit: number;
}

/** Accounts. What changes them leaves a line in the audit trail, in the same transaction. */
export interface Users {
  /** By number. */
  list(page: Page): Promise<Account[]>;
  /** @throws SluiceError `not_found` */
  get(id: string): Promise<Account>;
  /** Case ignored. @throws SluiceError `not_found` */
  findByName(name: string): Promise<Account>;
  /** @throws SluiceError `conflict` when somebody is called so already. */
  create(fresh: { name: string; role: Role; email?: string | null }, by: Author): Promise<Account>;
  /**
   * Whoever is disabled is signed out; their tokens do not serve any more.
   *
   * @throws SluiceError `not_found`, or `conflict` when no admin would be left or the name is taken.
   */
  change(id: string, changes: AccountChanges, by: Author): Promise<Account>;

  /**
   * A code for the first admin or operator, who is made where there is nobody; null when somebody has signed in before. `role`: of
   * one that is made; default: admin.
   */
  firstSignInCode(role?: FirstRole): Promise<SignInCode | null>;
  /** For half an hour. @throws SluiceError `not_found`, or `conflict` for a disabled user. */
  newSignInCode(userId: string, by: Author): Promise<SignInCode>;
  /**
   * Begins a session, and makes all codes of the user worthless; null when the code is not known, has expired, or has
   * served. `replaces`: the secret of the session that ends with it.
   */
  signIn(code: string, from: { address?: string; replaces?: string }): Promise<NewSession | null>;
  /**
   * Leaves a line in the audit trail with what is known of a secret that was refused: whose it was, and why it does not
   * serve. Never the secret. One entry per kind and address a minute, whichever process writes it.
   */
  noteRefused(refused: RefusedSecret): Promise<void>;
  /** Whose session it is. A session that is used lasts; one that is not ends after 14 days. */
  userOfSession(secret: string): Promise<User | null>;
  /** Whose it was; null where there is no such session. */
  signOut(secret: string): Promise<User | null>;
  /** Ends all sessions of a user; returns how many there were. */
  endSessions(userId: string, by: Author): Promise<number>;

  /** The newest first. `userId`: of this user. */
  listTokens(page: Page & { userId?: string }): Promise<ApiToken[]>;
  /** @throws SluiceError `not_found`, or `conflict` for a user who is disabled or has a lesser role. */
  createToken(fresh: NewToken, by: Author): Promise<{ token: ApiToken; secret: string }>;
  /** Once revoked, it stays so. `userId`: only of this user. @throws SluiceError `not_found` */
  revokeToken(id: number, by: Author, userId?: string): Promise<ApiToken>;
  /** Null: not known, expired or revoked. */
  userOfToken(secret: string): Promise<User | null>;

  /** The newest first. `concerning`: by this user or about them. */
  audit(
    filter: { actor?: string; userId?: string; name?: AuditName; concerning?: string },
    page: Page,
  ): Promise<AuditEntry[]>;
}

/** What the first account is made as: with tenants an admin would be of none of them. */
export type FirstRole = "operator" | "admin";

/** Where a sign-in code is redeemed. `baseUrl`: of the server, with the path it is mounted below. */
export function signInLink(baseUrl: string, code: string): string {
  const url = new URL("sign-in", baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
  url.searchParams.set("code", code);
  return url.href;
}

/** The link that the first start prints, again at each start until somebody has signed in; then null. */
export async function firstSignInLink(
  { users }: { users: Users },
  baseUrl: string,
  role?: FirstRole,
): Promise<string | null> {
  const first = await users.firstSignInCode(role);
  return first === null ? null : signInLink(baseUrl, first.code);
}
