/**
 * What a request may reach: with which importers, in which contexts, whose imports. Made once for each request; what `from` has
 * said is kept for as long.
 */

import {
  type ContextDatabase,
  type ContextValues,
  contextValue,
  fitsContext,
  hasContext,
  judgesContext,
  type NamedValue,
  type OneValue,
  type PinnedValue,
  unguardedContext,
} from "../../core/context.ts";
import { SluiceError, told } from "../../core/errors.ts";
import { type Importer, knownContext } from "../../core/importer.ts";
import type { Belonging, ImportBounds, Revealed } from "../../core/store/archive.ts";
import type { SignedIn, UserAction } from "../../core/users.ts";

export interface ReachParts {
  importers: ReadonlyMap<string, Importer>;
  /** What `from` may ask. */
  database: ContextDatabase;
  /** The different contexts of an importer's imports; `createdBy`: of one person's. */
  contextsOf(importer: string, createdBy?: string): Promise<ContextValues[]>;
}

/** What `from` gave for one context value. */
interface Given {
  values: string[];
  /** What a person reads instead of some of them. */
  labels: ReadonlyMap<string, string>;
  /** It read what was asked for: asked differently it may return something else. */
  isChoice: boolean;
}

/** How a user comes to one context value of an importer: pinned by the server, or chosen, perhaps among some. */
export interface ContextChoice {
  name: string;
  isPinned: boolean;
  /** Null: not known before it is asked for. */
  values: string[] | null;
  /** What a person reads instead of some of them. */
  labels: ReadonlyMap<string, string>;
}

/** Contexts that are judged at the same time; each may ask the database. */
const judgedAtOnce = 8;

export class Reach {
  readonly user: SignedIn;
  readonly #parts: ReachParts;
  readonly #http: Request;
  readonly #given = new Map<string, Promise<Given>>();

  constructor(parts: ReachParts, user: SignedIn, http: Request) {
    this.#parts = parts;
    this.user = user;
    this.#http = http;
  }

  get isOperator(): boolean {
    return this.user.role === "operator";
  }

  /** Other people's imports are there too: all of them for an operator, for an admin those of contexts that are theirs. */
  get seesOthers(): boolean {
    return this.user.role !== "user";
  }

  /** What concerns the whole installation, such as accounts: an operator's, and an admin's where nothing has a context. */
  get isUnbounded(): boolean {
    return this.isOperator || (this.user.role === "admin" && ![...this.#parts.importers.values()].some(hasContext));
  }

  /** Whether the user may do this with any import of this context. */
  async may(action: UserAction, importer: Importer, context: ContextValues): Promise<boolean> {
    if (this.isOperator) return action !== "import" || unguardedContext(importer) === null;
    // Made when the importer had other context values: `can` would judge values that are not there.
    if (!fitsContext(importer, context)) return false;
    if (hasContext(importer)) {
      if (!(await this.#isPinned(importer, context)))
        return judgesContext(importer) && (await this.#can(action, importer, context));
    }
    return this.user.role === "admin" || this.#can(action, importer, context);
  }

  /** Whether they may do this with an import. An importer that is no longer in the config leaves it to who sees others'. */
  async mayWith(action: UserAction, job: Omit<Belonging, "id">): Promise<boolean> {
    if (!this.seesOthers && job.createdBy !== this.user.id) return false;
    const importer = this.#parts.importers.get(job.importer);
    if (importer !== undefined) return this.may(action, importer, job.context);
    return this.isOperator || (this.user.role === "admin" && Object.keys(job.context).length === 0);
  }

  /** Whether the importer is there for them at all. */
  async offers(importer: Importer, action: UserAction): Promise<boolean> {
    if (unguardedContext(importer) !== null) return false;
    if (!hasContext(importer)) return this.may(action, importer, {});
    if (this.isOperator) return true;
    const choices = await this.choices(importer);
    const judges = judgesContext(importer);
    if (!judges && choices.some(({ values }) => values?.length === 0)) return false;
    if (judges && !choices.every(({ isPinned }) => isPinned)) return true;
    const whole = choices.every(({ values }) => values !== null);
    if (!whole) return this.user.role === "admin" || this.#can(action, importer, {});
    const contexts = products(choices.map(({ name, values }) => [name, values ?? []]));
    return (await this.#allowed(contexts, (context) => this.may(action, importer, context))).length > 0;
  }

  /** How the user comes to the importer's context values. */
  choices(importer: Importer): Promise<ContextChoice[]> {
    return Promise.all(
      Object.entries(importer.context ?? {}).map(async ([name, { from }]) => {
        if (from === undefined) return { name, isPinned: false, values: null, labels: new Map() };
        const { values, labels, isChoice } = await this.#givenFor(importer, name, {});
        if (values.length === 0 && (isChoice || this.isOperator))
          return { name, isPinned: false, values: null, labels };
        return { name, isPinned: values.length === 1 && !isChoice, values, labels };
      }),
    );
  }

  /**
   * The context of a new import, or of one that is changed. `asked`: what the client says; nothing counts as what is pinned.
   *
   * @throws SluiceError `forbidden` for a context that is not theirs, `invalid` for one that must be chosen.
   */
  async contextFor(importer: Importer, asked: ContextValues, action: UserAction = "import"): Promise<ContextValues> {
    const wanted = knownContext(importer, asked);
    if (!hasContext(importer)) return wanted;
    const values: Record<string, string> = { ...wanted };
    let isPinned = true;
    for (const name of Object.keys(importer.context ?? {})) {
      const given = await this.#givenFor(importer, name, wanted);
      const mine = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
      if (mine !== undefined) isPinned &&= given.values.includes(mine);
      else if (given.values.length === 1) values[name] = given.values[0];
      else throw toChoose(name, given.values);
    }
    if (this.isOperator) return values;
    // What was chosen may have changed what `from` gives for another value.
    if (isPinned && (await this.#isPinned(importer, values))) return values;
    if (judgesContext(importer) && (await this.#can(action, importer, values))) return values;
    const named = Object.keys(wanted).length > 0 ? Object.keys(wanted) : Object.keys(values);
    throw new SluiceError(
      "forbidden",
      told`The context value ${named.map((name) => told`"${name}"`)} of the importer "${importer.name}" is set by the server and cannot be changed. Omit it.`,
    );
  }

  /** The imports that they may see, other people's among them where they see those; null: all. */
  async bounds(): Promise<ImportBounds | null> {
    if (this.isOperator) return null;
    // Whatever there is, as long as nothing has a context.
    if (this.isUnbounded) return { within: [], others: [] };
    const within: ImportBounds["within"] = [];
    for (const importer of this.#parts.importers.values())
      for (const context of await this.#visible(importer)) within.push({ importer: importer.name, context });
    return { within, others: this.user.role === "admin" ? [...this.#parts.importers.keys()] : null };
  }

  /** Of which records that were there before they are shown values. */
  revealed({ reveal = "all" }: Importer): Revealed {
    if (reveal === "all" || this.seesOthers) return { kind: "all" };
    return reveal === "none" ? { kind: "none" } : { kind: "own", ownerId: this.user.id };
  }

  /** Tells this person in this tenant from the same id in another: uploads and keys of requests belong to it. */
  async identity(): Promise<string> {
    const pins = new Set<string>();
    for (const importer of this.#parts.importers.values())
      for (const [name, { from }] of Object.entries(importer.context ?? {})) {
        if (from === undefined) continue;
        const { values, isChoice } = await this.#givenFor(importer, name, {});
        if (!isChoice && values.length === 1) pins.add(JSON.stringify([name, values[0]]));
      }
    const { id } = this.user;
    // An id that looks like a placeholder for several must not pass for one.
    return pins.size === 0 && !id.startsWith("[") ? id : JSON.stringify([id, ...[...pins].sort()]);
  }

  /** The contexts of an importer whose imports they may see. */
  async #visible(importer: Importer): Promise<ContextValues[]> {
    const mayView = (context: ContextValues): Promise<boolean> => this.may("view", importer, context);
    if (!hasContext(importer)) return (await mayView({})) ? [{}] : [];
    if (unguardedContext(importer) !== null) return [];
    const choices = await this.choices(importer);
    const isKnown = !judgesContext(importer) && choices.every(({ values }) => values !== null);
    const isChosen = await this.#isChosen(importer);
    const contexts =
      isKnown && !isChosen
        ? products(choices.map(({ name, values }) => [name, values ?? []]))
        : await this.#parts.contextsOf(importer.name, this.seesOthers ? undefined : this.user.id);
    return this.#allowed(contexts, mayView);
  }

  async #isChosen(importer: Importer): Promise<boolean> {
    for (const [name, { from }] of Object.entries(importer.context ?? {}))
      if (from !== undefined && (await this.#givenFor(importer, name, {})).isChoice) return true;
    return false;
  }

  async #allowed(
    contexts: readonly ContextValues[],
    isAllowed: (context: ContextValues) => Promise<boolean>,
  ): Promise<ContextValues[]> {
    const allowed: ContextValues[] = [];
    for (let from = 0; from < contexts.length; from += judgedAtOnce) {
      const some = contexts.slice(from, from + judgedAtOnce);
      const judged = await Promise.all(some.map(isAllowed));
      allowed.push(...some.filter((_, k) => judged[k]));
    }
    return allowed;
  }

  /** Whether `from` gives every value of a context. */
  async #isPinned(importer: Importer, context: ContextValues): Promise<boolean> {
    for (const name of Object.keys(importer.context ?? {})) {
      if (!(await this.#givenFor(importer, name, context)).values.includes(context[name])) return false;
    }
    return true;
  }

  async #can(action: UserAction, importer: Importer, context: ContextValues): Promise<boolean> {
    return importer.can === undefined || Boolean(await importer.can(this.user, action, { context }));
  }

  /** Asked once, unless it looks at what was asked for. */
  async #givenFor(importer: Importer, name: string, asked: ContextValues): Promise<Given> {
    const always = JSON.stringify([importer.name, name]);
    const key = JSON.stringify([importer.name, name, Object.entries(asked).sort()]);
    const known = this.#given.get(always) ?? this.#given.get(key);
    if (known !== undefined) return known;
    const asking = this.#ask(importer, name, asked);
    this.#given.set(key, asking);
    const given = await asking;
    if (!given.isChoice) this.#given.set(always, asking);
    return given;
  }

  async #ask(importer: Importer, name: string, asked: ContextValues): Promise<Given> {
    const { from, type = "text" } = importer.context?.[name] ?? {};
    const labels = new Map<string, string>();
    if (from === undefined) return { values: [], labels, isChoice: false };
    let isChoice = false;
    const request = {
      http: this.#http,
      get context() {
        isChoice = true;
        return asked;
      },
    };
    let value: PinnedValue;
    try {
      value = await from(this.user, request, this.#parts.database);
    } catch (error) {
      // An operator is of no tenant: `user.tenant.id` has nothing to give.
      if (!this.isOperator || !(error instanceof TypeError)) throw error;
      value = null;
    }
    if (value === true) return { values: Object.hasOwn(asked, name) ? [asked[name]] : [], labels, isChoice: true };
    const values = [...listOf(value)].map((each) => {
      const isNamed = typeof each === "object" && each !== null;
      const known = contextValue(type, textOf(isNamed ? each.value : each));
      if (known === null)
        throw new Error(`context.${name}.from of the importer "${importer.name}" gave what is no ${type}.`);
      if (isNamed) labels.set(known, String(each.label));
      return known;
    });
    return { values: [...new Set(values)], labels, isChoice };
  }
}

function listOf(value: Exclude<PinnedValue, true>): readonly (OneValue | NamedValue)[] {
  if (value === null || value === undefined || value === false || value === "") return [];
  if (typeof value === "object") return value;
  return [value as OneValue];
}

/** A number that a double does not hold exactly is another tenant's. */
function textOf(value: unknown): string {
  if (typeof value === "string" || typeof value === "bigint") return String(value);
  return Number.isSafeInteger(value) ? String(value) : "\0";
}

function toChoose(name: string, values: readonly string[]): SluiceError {
  return new SluiceError(
    "invalid",
    values.length === 0
      ? told`The import needs to know which "${name}" it is for.`
      : told`The import needs to know which "${name}" it is for. Yours are: ${values.join(", ")}.`,
    { next: { code: "give_context", name } },
  );
}

/** Every combination of the values. */
function products(fields: readonly [string, readonly string[]][]): ContextValues[] {
  return fields.reduce<ContextValues[]>(
    (all, [name, values]) => all.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );
}
