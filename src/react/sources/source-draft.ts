/** What is typed into the form of a source, what is wrong with it as it stands, and what of it is sent. */
import type { ContextChoice, NewSource, Source, SourceChanges, SourcePlace } from "../../client/index.ts";
import { fitsContext } from "../foundation/context-values.ts";
import type { Draft } from "./draft.ts";
import { type PlaceField, type PlaceKind, placeFields } from "./place-fields.ts";
import { firstSchedule, scheduleDraft, scheduleIn, schedulePaths } from "./schedule-draft.ts";

export type DraftProblem = "missing" | "badName" | "badPort" | "badHeaders" | "badSeconds";

/** What of the form is shown. */
export interface FormScope {
  isNew: boolean;
  /** Its place is asked for. */
  withPlace: boolean;
  /** Passwords and their like can be kept. */
  withSecrets: boolean;
  /** The context values that are asked for. */
  context: readonly ContextChoice[];
}

const maxSettleSeconds = 86_400;

export function firstDraft(kind: PlaceKind): Draft {
  return {
    name: "",
    importer: "",
    templateId: "",
    "place.kind": kind,
    "place.tls": "explicit",
    ...firstSchedule,
    timeZone: ownTimeZone(),
    files: "",
    done: "keep",
    "done.moveTo": "",
    settleSeconds: "30",
    parallel: "",
    sameContent: "",
    autoCommit: "yes",
    acceptDoubts: "",
  };
}

export function draftOf(source: Source): Draft {
  const { name, importer, place, schedule, timeZone, files, done, settleSeconds, parallel, sameContent } = source;
  const shown = Object.entries(place).map(([member, value]) => [`place.${member}`, [value].flat().join("\n")]);
  const yes = (is: boolean): string => (is ? "yes" : "");
  return {
    ...firstDraft(place.kind),
    ...Object.fromEntries(shown),
    ...scheduleDraft(schedule),
    ...{ name, importer, timeZone },
    files: files.join() === "*" ? "" : files.join("\n"),
    done: typeof done === "string" ? done : "move",
    "done.moveTo": typeof done === "string" ? "" : done.moveTo,
    settleSeconds: String(settleSeconds),
    parallel: yes(parallel),
    sameContent: yes(sameContent === "import"),
    autoCommit: yes(source.options.autoCommit !== false),
    acceptDoubts: yes(source.acceptDoubts),
  };
}

export function kindIn(draft: Draft): PlaceKind {
  return draft["place.kind"] as PlaceKind;
}

/** The fields of the chosen kind of place. Without a key of the server's there are no secrets. */
export function placeFieldsIn(draft: Draft, { withSecrets }: Pick<FormScope, "withSecrets">): readonly PlaceField[] {
  return placeFields[kindIn(draft)].filter(({ isSecret }) => withSecrets || isSecret !== true);
}

/** A URL is one file, and stays as it is. */
export function hasRules(draft: Draft): boolean {
  return kindIn(draft) !== "url";
}

/** Every member that has a control. */
export function pathsIn(draft: Draft, scope: FormScope): string[] {
  return [
    ...(scope.isNew ? ["name", "importer", "templateId", ...scope.context.map(({ name }) => `context.${name}`)] : []),
    ...(scope.withPlace ? ["place.kind", ...placeFieldsIn(draft, scope).map(({ name }) => `place.${name}`)] : []),
    ...schedulePaths(draft),
    ...(hasRules(draft) ? ["files", "done", "settleSeconds", "parallel", "sameContent"] : []),
    ...(hasRules(draft) && draft.done === "move" ? ["done.moveTo"] : []),
    "acceptDoubts",
  ];
}

/** What need not be sent to be refused. */
export function problemsIn(draft: Draft, scope: FormScope): Readonly<Record<string, DraftProblem | undefined>> {
  const problems: Record<string, DraftProblem> = {};
  const paths = pathsIn(draft, scope);
  const needed = new Set([
    ...["name", "importer", "schedule", "schedule.time", "done.moveTo", "settleSeconds"],
    ...placeFieldsIn(draft, scope)
      .filter(({ isNeeded }) => isNeeded)
      .map(({ name }) => `place.${name}`),
  ]);
  for (const path of paths) if (needed.has(path) && (draft[path] ?? "").trim() === "") problems[path] = "missing";
  for (const choice of scope.context)
    if (!fitsContext(choice, draft[`context.${choice.name}`] ?? "")) problems[`context.${choice.name}`] = "missing";
  const judge = (path: string, isFit: (text: string) => boolean, problem: DraftProblem): void => {
    const text = (draft[path] ?? "").trim();
    if (paths.includes(path) && text !== "" && !isFit(text)) problems[path] = problem;
  };
  judge("name", (text) => /^[a-z][a-z0-9-]{0,59}$/.test(text), "badName");
  judge("place.port", (text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535, "badPort");
  judge("place.headers", (text) => headersIn(text) !== null, "badHeaders");
  judge("settleSeconds", (text) => /^\d{1,5}$/.test(text) && Number(text) <= maxSettleSeconds, "badSeconds");
  return problems;
}

export function newSourceOf(draft: Draft, scope: FormScope): NewSource {
  const context = scope.context.map(({ name }) => [name, (draft[`context.${name}`] ?? "").trim()]);
  return {
    name: draft.name.trim(),
    importer: draft.importer,
    ...(context.length > 0 && { context: Object.fromEntries(context) }),
    place: placeOf(draft, scope),
    ...(draft.templateId !== "" && { templateId: Number(draft.templateId) }),
    ...rulesOf(draft, true),
    acceptDoubts: draft.acceptDoubts === "yes",
    options: { autoCommit: draft.autoCommit === "yes" },
  };
}

/** Only what is another than before: somebody else may have changed the rest, and a schedule that is set begins anew. */
export function changesOf(draft: Draft, scope: FormScope, source: Source): SourceChanges {
  const before = draftOf(source);
  const were = rulesOf(before, false);
  const changed = Object.entries(rulesOf(draft, scope.withPlace)).filter(
    ([rule, value]) => JSON.stringify(value) !== JSON.stringify(were[rule as keyof SourceChanges]),
  );
  const acceptDoubts = draft.acceptDoubts === "yes";
  const autoCommit = draft.autoCommit === "yes";
  return {
    ...(scope.withPlace && { place: placeOf(draft, scope) }),
    ...Object.fromEntries(changed),
    ...(draft.acceptDoubts !== before.acceptDoubts && { acceptDoubts }),
    // They are changed as a whole.
    ...(draft.autoCommit !== before.autoCommit && { options: { ...source.options, autoCommit } }),
  };
}

function rulesOf(draft: Draft, isPlaceNew: boolean): SourceChanges {
  const schedule = { schedule: scheduleIn(draft), timeZone: draft.timeZone };
  if (!hasRules(draft)) return { ...schedule, ...(isPlaceNew && { files: ["*"], done: "keep" }) };
  const patterns = linesIn(draft.files);
  return {
    ...schedule,
    files: patterns.length === 0 ? ["*"] : patterns,
    done: draft.done === "move" ? { moveTo: draft["done.moveTo"].trim() } : (draft.done as "keep" | "delete"),
    settleSeconds: Number(draft.settleSeconds),
    parallel: draft.parallel === "yes",
    sameContent: draft.sameContent === "yes" ? "import" : "skip",
  };
}

/** What is left empty is left out. */
function placeOf(draft: Draft, scope: FormScope): SourcePlace {
  const kind = kindIn(draft);
  const members = placeFieldsIn(draft, scope).flatMap(({ name, isSecret }): [string, unknown][] => {
    const text = draft[`place.${name}`] ?? "";
    if (text.trim() === "") return [];
    if (name === "port") return [[name, Number(text)]];
    if (name === "headers") return [[name, headersIn(text)]];
    if (kind === "sftp" && name === "hostFingerprint") {
      const prints = linesIn(text);
      return [[name, prints.length === 1 ? prints[0] : prints]];
    }
    // A password may begin or end with a blank.
    return [[name, isSecret ? text : text.trim()]];
  });
  return { kind, ...Object.fromEntries(members) } as SourcePlace;
}

function linesIn(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Null: a line is no header. @example headersIn("Accept: text/csv") // { Accept: "text/csv" } */
function headersIn(text: string): Record<string, string> | null {
  const pairs = linesIn(text).map((line) => /^([^\s:]+)\s*:\s*(.+)$/.exec(line));
  if (pairs.includes(null)) return null;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]));
}

export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
}
