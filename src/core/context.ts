/**
 * Context: values that are not in the file, such as the tenant. On a server `from` pins them for the user who asks; the command
 * line is told them by its operator. They are kept in one form each, so that the same tenant is always the same text.
 */
import type { Language } from "./fields/language.ts";
import { isStorable } from "./storable.ts";
import type { SignedIn } from "./users.ts";

/** The values of one import, by name. */
export type ContextValues = Readonly<Record<string, string>>;

/** What `from` may use besides the user. */
export interface ContextRequest {
  /**
   * What the client asks for: `options.context` of a new import, the values of one that is there. Empty where nothing is asked
   * for yet, as when importers are listed.
   */
  readonly context: Readonly<Record<string, string | undefined>>;
  /** The HTTP request. Its body is read by then. */
  readonly http: HttpRequest;
}

/** A `Request` where the program's types know one; an importer compiles without the web's types too. */
export type HttpRequest = typeof globalThis extends { Request: { prototype: infer Known } }
  ? Known
  : { readonly url: string; readonly method: string; readonly headers: { get(name: string): string | null } };

/** Runs a statement with parameters, as `query` of a `pg` pool does, on the server's own connections. */
export interface ContextDatabase {
  // biome-ignore lint/suspicious/noExplicitAny: what the rows hold is the statement's to say
  query<Row = any>(text: string, values?: readonly unknown[]): Promise<{ rows: Row[] }>;
}

/**
 * The value that holds for this user and request; or those they may choose from; or `true`: the one that was asked for. `null`,
 * `undefined`, `false` or an empty list: this user may not use the importer.
 */
export type PinnedValue = OneValue | boolean | null | undefined | readonly (OneValue | NamedValue)[];
export type OneValue = string | number | bigint;

/** A value to choose, with what a person reads instead of it. */
export interface NamedValue {
  value: OneValue;
  label: string;
}

/** A value that comes from the caller, not from the file: tenant, owner, wheel. It scopes matching and fills its column. */
export interface ContextField {
  /** Column of the target; default: the name. */
  column?: string | undefined;
  /** Postgres type, as in `create table`. Default `text`. */
  type?: ContextType | undefined;
  /** What a person reads; default: the name. */
  label?: Partial<Record<Language, string>> | undefined;
  /**
   * Pins the value on a server. What a client sends is refused unless it is the value, or `can` allows it. Never called by a
   * worker or the command line.
   *
   * @example { type: "uuid", from: (user) => user.tenantId }
   * @example { type: "bigint", label: { en: "Warehouse" }, from: () => [{ value: 1, label: "Lyon" }, { value: 2, label: "Paris" }] }
   */
  from?:
    | ((user: SignedIn, request: ContextRequest, db: ContextDatabase) => PinnedValue | Promise<PinnedValue>)
    | undefined;
}

export const contextTypes = ["text", "uuid", "bigint", "integer"] as const;
export type ContextType = (typeof contextTypes)[number];

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Longer texts are not keys, and would not fit an index. */
const maxTextLength = 1000;
const ranges = { integer: 2n ** 31n, bigint: 2n ** 63n } as const;

/** The one form in which a value is kept and compared; null: it is none of this type. */
export function contextValue(type: ContextType, given: string): string | null {
  switch (type) {
    case "text":
      return given.length <= maxTextLength && isStorable(given) ? given : null;
    case "uuid":
      return uuidPattern.test(given) ? given.toLowerCase() : null;
    case "integer":
    case "bigint": {
      if (!/^-?\d{1,30}$/.test(given)) return null;
      const number = BigInt(given);
      return -ranges[type] <= number && number < ranges[type] ? String(number) : null;
    }
  }
}

/** Whether two imports belong to the same context. Both must be in the form in which they are kept. */
export function sameValues(a: ContextValues, b: ContextValues): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}

/** Whether a context has exactly the importer's values. One made when the importer had others belongs to nobody. */
export function fitsContext({ context = {} }: Pick<Guarded, "context">, values: ContextValues): boolean {
  const names = Object.keys(context);
  return names.length === Object.keys(values).length && names.every((name) => Object.hasOwn(values, name));
}

/** What of an importer says whose its context is. */
interface Guarded {
  readonly name: string;
  readonly context?: Readonly<Record<string, ContextField>>;
  // biome-ignore lint/suspicious/noExplicitAny: any function will do, only its parameters are counted
  readonly can?: (...given: any[]) => unknown;
}

/** Whether imports of it belong to a context. */
export function hasContext({ context = {} }: Pick<Guarded, "context">): boolean {
  return Object.keys(context).length > 0;
}

/** Whether `can` is written with its third parameter, and so judges the context; one that is not would let everything pass. */
export function judgesContext({ can }: Pick<Guarded, "can">): boolean {
  return can !== undefined && can.length >= 3;
}

/** What nobody guards on a server, as `context.tenant_id`; null: every context value is. */
export function unguardedContext(importer: Guarded): string[] | null {
  if (judgesContext(importer)) return null;
  const open = Object.entries(importer.context ?? {}).filter(([, { from }]) => from === undefined);
  return open.length === 0 ? null : open.map(([name]) => name);
}

/** What to write so that a server offers the importer. */
export function guardAdvice(importer: Guarded, open: readonly string[]): string {
  const fields = open.map((name) => `${name}: { …, from: (user) => user.${camelCase(name)} }`).join(", ");
  const named = open.map((name) => `"${name}"`).join(", ");
  return (
    `The importer "${importer.name}" is offered to nobody: nothing says whose its context ${named} is. ` +
    `Write \`context: { ${fields} }\` with what your users have, or judge it: ` +
    "`can: (user, action, { context }) => …`. See docs/authentication.md, Tenants."
  );
}

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
