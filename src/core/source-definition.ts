/** `sources` of a config: each as plain data, checked before anything is opened, and as it is kept. */
import { SluiceError, type Telling, told } from "./errors.ts";
import type { FieldSource } from "./field-source.ts";
import { type Given, givenColumn, type SaidColumns } from "./given-mapping.ts";
import type { ImportOptions } from "./import-options.ts";
import { refuseUnknown } from "./refuse-unknown.ts";
import {
  type Done,
  isFileName,
  type NewSource,
  type Place,
  type PlaceKind,
  placeKinds,
  type SourceRules,
} from "./source.ts";

/** A source as `sluice.config.ts` has it. */
export interface SourceDefinition extends Partial<Omit<SourceRules, "files">> {
  /** Letters, digits and hyphens. It keeps what it knows of its files as long as it keeps its name. */
  name: string;
  /** The importer's name. */
  importer: string;
  place: Place;
  /** Files by their names: `*.csv`, `orders-??.xlsx`. Default: all. */
  files?: string | readonly string[] | undefined;
  /** Values that the importer asks for beside the file: a tenant, an owner. */
  context?: Readonly<Record<string, string | number | bigint>> | undefined;
  /** Columns of the file → fields; null: a column is left out. The others are as last time, else suggested. */
  mapping?: SaidColumns | undefined;
  /** Fields whose values are not the cells of one column. */
  values?: Readonly<Record<string, FieldSource<string>>> | undefined;
  /** Takes doubtful columns as they are suggested. Default: they wait for a person. */
  acceptDoubts?: boolean | undefined;
  /** As of an import. `autoCommit: false`: it waits for a review. Default: it goes on by itself. */
  options?: Partial<Omit<ImportOptions, "context">> | undefined;
}

const definitionNames = [
  ...(["name", "importer", "place", "files", "schedule", "timeZone", "context", "mapping", "values"] as const),
  ...(["acceptDoubts", "options", "done", "settleSeconds", "parallel", "sameContent"] as const),
] satisfies (keyof SourceDefinition)[];

export const sourceNamePattern = /^[a-z][a-z0-9-]{0,59}$/;

export const defaultRules: SourceRules = {
  files: ["*"],
  schedule: null,
  timeZone: "UTC",
  done: "keep",
  settleSeconds: 30,
  parallel: false,
  sameContent: "skip",
};

/** How long a place's settings may be together: a key of 16 kbit is 13 kB. */
const maxSettingLength = 65_536;
export const maxPatterns = 100;
export const maxSettleSeconds = 86_400;

/** What each kind of place needs, and may have. */
const members: Readonly<Record<PlaceKind, { needs: readonly string[]; may: readonly string[] }>> = {
  url: { needs: ["url"], may: ["headers"] },
  s3: { needs: ["bucket"], may: ["prefix", "region", "endpoint", "accessKeyId", "secretAccessKey", "sessionToken"] },
  sftp: {
    needs: ["host", "user", "hostFingerprint"],
    may: ["port", "password", "privateKey", "passphrase", "folder"],
  },
  ftp: { needs: ["host"], may: ["port", "tls", "hostFingerprint", "user", "password", "folder"] },
  folder: { needs: ["path"], may: [] },
};

/** @throws SluiceError `invalid` with what is wrong with which. */
export function checkSources(where: string, given: unknown): NewSource[] {
  if (!Array.isArray(given))
    throw new SluiceError("invalid", `${where}: \`sources\` must be a list of { name, importer, place, … }.`);
  const names = new Set<string>();
  return given.map((each, k) => {
    if (typeof each !== "object" || each === null)
      throw new SluiceError("invalid", `${where}: sources[${k}] must be an object { name, importer, place, … }.`);
    refuseUnknown(`${where}: sources[${k}]`, "option", each, definitionNames);
    const source = sourceOf(each as SourceDefinition);
    checkSource(source);
    if (names.has(source.name))
      throw new SluiceError("invalid", `${where}: two sources are called "${source.name}". Rename one of them.`);
    names.add(source.name);
    return source;
  });
}

function sourceOf({ mapping = {}, values = {}, context = {}, ...given }: SourceDefinition): NewSource {
  const columns = Object.entries(mapping).map(([column, said]) => givenColumn(column, said));
  const fields = Object.entries(values).map(([field, source]): Given => ({ field, source }));
  const { files = defaultRules.files, schedule = defaultRules.schedule } = given;
  const { timeZone = defaultRules.timeZone, done = defaultRules.done } = given;
  return {
    name: given.name,
    importer: given.importer,
    place: given.place,
    context: Object.fromEntries(Object.entries(context).map(([name, value]) => [name, String(value)])),
    files: typeof files === "string" ? [files] : files,
    schedule,
    timeZone,
    done,
    settleSeconds: given.settleSeconds ?? defaultRules.settleSeconds,
    parallel: given.parallel ?? defaultRules.parallel,
    sameContent: given.sameContent ?? defaultRules.sameContent,
    choices: {
      given: [...columns, ...fields],
      acceptDoubts: given.acceptDoubts ?? false,
      options: { autoCommit: true, ...given.options },
    },
  };
}

/**
 * What can be told of a source by itself: its schedule and its importer are others' to judge. `isWhole`: the place's secrets are there.
 *
 * @throws SluiceError `invalid`
 */
export function checkSource(source: NewSource, isWhole = true): void {
  const { name, files, done, settleSeconds, sameContent, place } = source;
  if (typeof name !== "string" || !sourceNamePattern.test(name))
    throw new SluiceError(
      "invalid",
      `"${String(name)}" cannot be a source's name: small letters, digits and hyphens, at most 60, beginning with a letter.`,
    );
  const refuse: Refuse = (path, problem) => {
    throw new SluiceError("invalid", told`The source "${name}" cannot be as it is. ${path}: ${problem}`, {
      wrong: { path, problem },
    });
  };
  if (typeof source.importer !== "string") refuse("importer", "It must be an importer's name.");
  if (!Array.isArray(files) || files.length === 0 || files.length > maxPatterns)
    refuse("files", `It must be 1 to ${maxPatterns} patterns, such as "*.csv".`);
  for (const pattern of files)
    if (typeof pattern !== "string" || pattern === "" || pattern.length > 200 || /[/\\\0]/.test(pattern))
      refuse("files", told`"${String(pattern)}" fits no name: names have no slash. * is any text, ? any character.`);
  if (typeof settleSeconds !== "number" || !(settleSeconds >= 0 && settleSeconds <= maxSettleSeconds))
    refuse("settleSeconds", `It must be a number from 0 to ${maxSettleSeconds}.`);
  if (sameContent !== "skip" && sameContent !== "import") refuse("sameContent", 'It must be "skip" or "import".');
  if (source.schedule !== null && typeof source.schedule !== "string") refuse("schedule", "It must be text, or null.");
  if (typeof source.timeZone !== "string") refuse("timeZone", "It must be text.");
  checkPlace(place, isWhole, refuse);
  checkDone(done, place, refuse);
}

/** `problem`: a sentence that can stand beside the member; told, where whoever makes a source by the API may read it. */
type Refuse = (path: string, problem: string | Telling) => never;

function checkPlace(place: Place, isWhole: boolean, refuse: Refuse): void {
  const kind = place?.kind;
  if (!placeKinds.includes(kind)) refuse("place.kind", `It must be one of: ${placeKinds.join(", ")}.`);
  const { needs, may } = members[kind];
  const given = place as unknown as Record<string, unknown>;
  for (const each of needs)
    if (given[each] === undefined || given[each] === "")
      refuse(
        `place.${each}`,
        each === "hostFingerprint"
          ? "It is missing: without it, nothing tells the host from one that pretends to be it. Ask who runs the host for it, and compare: ssh-keyscan HOST | ssh-keygen -lf -"
          : "It is missing.",
      );
  for (const each of Object.keys(given))
    if (each !== "kind" && !needs.includes(each) && !may.includes(each))
      refuse("place", `It has "${each}", which ${kind} has no use for. It takes: ${[...needs, ...may].join(", ")}.`);
  if (JSON.stringify(place).length > maxSettingLength) refuse("place", told`It is too long.`);
  const { port } = given;
  if (port !== undefined && !(Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535))
    refuse("place.port", "It must be a port, 1 to 65535.");
  const texts = Object.entries(given).filter(([each]) => !["port", "headers", "hostFingerprint"].includes(each));
  for (const [each, value] of texts)
    if (value !== undefined && (typeof value !== "string" || value.includes("\0")))
      refuse(`place.${each}`, "It must be text.");
  if (place.kind === "sftp") {
    for (const each of [place.hostFingerprint].flat())
      if (typeof each !== "string" || !/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(each))
        refuse("place.hostFingerprint", told`It must look as ssh-keygen -lf prints it: SHA256: and 43 characters.`);
    if (isWhole && place.password === undefined && place.privateKey === undefined)
      refuse("place.password", told`It needs a \`password\` or a \`privateKey\`.`);
  }
  if (place.kind === "ftp") {
    if (place.tls !== undefined && !["explicit", "implicit", "none"].includes(place.tls))
      refuse("place.tls", 'It must be "explicit", "implicit" or "none".');
    if (place.hostFingerprint !== undefined && !/^[0-9a-f]{2}(?::?[0-9a-f]{2}){31}$/i.test(place.hostFingerprint))
      refuse("place.hostFingerprint", told`It must be the SHA-256 of the host's certificate: 64 hexadecimal digits.`);
    if (place.hostFingerprint !== undefined && place.tls === "none")
      refuse(
        "place.hostFingerprint",
        told`Without TLS there is no certificate, so it cannot be compared. Leave it out.`,
      );
    // A line of the protocol ends where one of these is.
    for (const each of ["user", "password", "folder"] as const)
      if (/[\r\n]/.test(place[each] ?? "")) refuse(`place.${each}`, told`It has a line break.`);
  }
  if (place.kind === "url") {
    const { headers = {} } = place;
    const isFit = ([header, value]: [string, unknown]): boolean =>
      /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header) && typeof value === "string" && /^[\t\x20-\x7e]*$/.test(value);
    if (typeof headers !== "object" || headers === null || !Object.entries(headers).every(isFit))
      refuse("place.headers", told`They must be headers of HTTP with their values.`);
  }
}

function checkDone(done: Done, place: Place, refuse: Refuse): void {
  if (done === "keep") return;
  if (place.kind === "url") refuse("done", told`It must be "keep": nothing can be moved or deleted at a URL.`);
  if (done === "delete") return;
  if (typeof done !== "object" || done === null || typeof done.moveTo !== "string")
    refuse("done", 'It must be "keep", "delete", or { moveTo: "folder" }.');
  if (!isFileName((done as { moveTo: string }).moveTo))
    refuse("done.moveTo", told`It must be the name of a folder beside the files, without a slash.`);
}
