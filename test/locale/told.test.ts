/** What the server refuses, and why an import stands still, has its words in every language: whatever the source tells, and nothing else. */
import { describe, expect, it } from "vitest";
import { SluiceError, textOf, told } from "../../src/core/errors.ts";
import { textsOf } from "../../src/locale/locale.ts";
import { catalogs, inLanguage, textIn } from "../../src/locale/told.ts";
import { en as pageEn } from "../../src/react/locale/en/en.ts";
import { fr as pageFr } from "../../src/react/locale/fr/fr.ts";
import { sv as pageSv } from "../../src/react/locale/sv/sv.ts";
import { findTellings, type PlainError } from "./tellings.ts";

const { tellings, plain } = findTellings();
const templates = [...new Set(tellings.map(({ template }) => template))].sort();

const placesOf = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g))].sort();
/**
 * What belongs to one face: a flag or a command of the command line, a request or a member of the API. A sentence says what is wrong;
 * how it is put right is a NextStep, which each face says in its own words.
 */
const face =
  /(?<![\w-])--[a-z]|\b(?:sluice|npx|npm) [a-z-]+|\b(?:GET|POST|PUT|PATCH|DELETE) \/|-F "|\b(?:options|dialect)\.\w|\b(?:acceptDoubts|again: true|uploadId|autoCommit)\b/;

/** Files whose errors name a face, each with its reason: nobody but whoever runs the command line or the server meets them. */
const ofOneFace: readonly (readonly [file: RegExp, why: string])[] = [
  [/^src\/cli(\/|\.ts)/, "the command line itself"],
  [/^src\/program\//, "a face of its own: said to whoever calls importFile, with its options"],
  [/^src\/server\/serve\.ts$/, "`sluice serve` alone opens a port"],
  [/^src\/core\/optional-package\.ts$/, "a client that is not installed, which an operator puts right"],
  [/^src\/embedded\/binaries\.ts$/, "how the package is installed, for want of which nothing starts"],
];

/** Rooms whose errors only operators and programmers meet, each with its reason. */
const english: readonly (readonly [file: RegExp, why: string])[] = [
  [/^src\/core\/models\//, "said to whoever writes a definition"],
  [/^src\/cli(\/|\.ts)/, "the command line speaks English"],
  [/^src\/(config|app)\.ts$/, "settings, told where the server is started"],
  [
    /^src\/core\/(refuse-unknown|analysis-options|source-definition)\.ts$/,
    "settings and options, told where the server is started",
  ],
  [
    /^src\/(core\/optional-package|postgres\/fetching\/sources)\.ts$/,
    "said to whoever sets up a source, a sink or a store",
  ],
  [
    /^src\/server\/(mount-options|config-file|environment|node-handler|fastify|serve|mount-queue)\.ts$/,
    "said to whoever starts a server",
  ],
  [/^src\/core\/(importer|(?:definition|models)\/.*)\.ts$/, "said to whoever writes an importer"],
  [/^src\/program\//, "said to whoever writes a program"],
  [/^src\/(core\/(bound-)?sink|postgres\/outbox\/sink-records)\.ts$/, "said to whoever writes a sink"],
  [/^src\/notify\//, "said to whoever sets up a sink"],
  [/^src\/worker\/tasks\.ts$/, "read by operators in the queue's state"],
  [/^src\/queue\//, "told in the log, and in the queue's state"],
  [/^src\/importers\//, "test data of the command line"],
  [
    /^src\/(values\/(encode-text|numbering-plan)|staging\/(row-check|own-value|late-values|slot))\.ts$/,
    "said to whoever writes an importer",
  ],
  [/^src\/files\/(open-files|s3-address|s3-bucket)\.ts$/, "settings, told where the server is started"],
  [/^src\/outbound\/reserved-addresses\.ts$/, "settings, told where the server is started"],
  [/^src\/files\/source\.ts$/, "a file that is named on the command line"],
  [/^src\/embedded\//, "the server that the command line starts"],
  [
    /^src\/postgres\/(schema\/(database-kind|grants|migrate)|tables\/(tables|views|describe-table)|jobs\/measures)\.ts$/,
    "migrations and set-up",
  ],
  [/^src\/http\/auth\/(jwt|auth)\.ts$/, "said to whoever set up the sign-in"],
  [/^src\/http\/operations\/metrics-routes\.ts$/, "read by a monitor"],
  [/^src\/http\/intake\/multipart\.ts$/, "said to whoever writes a program that sends a form"],
];
/** They hand on the message of another error, and its telling with it. */
const handingOn = ["src/http/imports/make-import.ts", "src/server/inspector-host.ts"];

describe("the source", () => {
  it("has sentences in every room that people meet", () => {
    const rooms = new Set(tellings.map(({ at }) => at.split(":")[0]));
    for (const room of [
      "src/formats/signature.ts",
      "src/http/request/request-context.ts",
      "src/postgres/jobs/move-import.ts",
      "src/engine/slice.ts",
    ])
      expect(rooms).toContain(room);
    expect(templates.length).toBeGreaterThan(300);
  });

  it("tells every error that a person may read", () => {
    const untold = plain.filter(
      ({ file, code }) =>
        // What is our own fault is not told at all.
        code !== "internal" && !handingOn.includes(file) && !english.some(([room]) => room.test(file)),
    );
    expect(untold).toEqual([]);
  });

  it("excuses no room that has no need of it", () => {
    const needless = english
      .filter(([room]) => !plain.some(({ file }) => room.test(file)))
      .map(([room]) => room.source);
    expect([...needless, ...handingOn.filter((room) => !plain.some(({ file }) => file === room))]).toEqual([]);
  });
});

describe("a sentence outside the command line", () => {
  const wordsOf = (texts: object): string[] =>
    Object.values(texts).flatMap((text: unknown) =>
      typeof text === "object" && text !== null ? wordsOf(text) : [String(text)],
    );
  const sentences: Record<string, readonly string[]> = {
    en: [
      ...tellings.filter(({ at }) => !at.startsWith("src/cli/")).map(({ template }) => template),
      ...wordsOf(textsOf("en")),
    ],
    fr: [...Object.values(catalogs.fr ?? {}), ...wordsOf(textsOf("fr"))],
    sv: [...Object.values(catalogs.sv ?? {}), ...wordsOf(textsOf("sv"))],
    "en of the page": wordsOf(pageEn),
    "fr of the page": wordsOf(pageFr),
    "sv of the page": wordsOf(pageSv),
  };
  it.each(Object.keys(sentences))("names no flag, command or request in %s", (language) => {
    const naming = sentences[language].filter((sentence) => face.test(sentence));
    expect(naming).toEqual([]);
  });

  /** Without what is put into it. */
  const written = ({ message }: PlainError): string => message.replaceAll(/\$\{[^{}]*\}/g, "");

  it("names none either where it is told in English alone", () => {
    const naming = plain.filter(
      (error) => face.test(written(error)) && !ofOneFace.some(([room]) => room.test(error.file)),
    );
    expect(naming.map(({ file, message }) => `${file}: ${message}`)).toEqual([]);
  });

  it("excuses no file that has no need of it", () => {
    const needless = ofOneFace.filter(
      ([room]) => !plain.some((error) => room.test(error.file) && face.test(written(error))),
    );
    expect(needless.map(([room]) => room.source)).toEqual([]);
  });
});

describe.each(Object.keys(catalogs) as (keyof typeof catalogs)[])("in %s", (language) => {
  const catalog = catalogs[language] ?? {};

  it("has every sentence of the source, and no other", () => {
    expect(Object.keys(catalog).sort()).toEqual(templates);
  });

  it("puts in what the English one does", () => {
    const differing = templates.filter(
      (template) => placesOf(catalog[template] ?? "").join() !== placesOf(template).join(),
    );
    expect(differing).toEqual([]);
  });

  it("says each in words of its own, and to the end", () => {
    const same = templates.filter((template) => /[a-z]{3,}/.test(template) && catalog[template] === template);
    expect(same).toEqual(sameInEvery.filter((template) => same.includes(template)));
    const unended = templates.filter(
      (template) => /[.?]$/.test(template) && template.includes(" ") && !/[.?]$/.test(catalog[template] ?? ""),
    );
    expect(unended).toEqual([]);
  });
});

/** Words that are the same in another language. */
const sameInEvery = ["cookies"];

describe("told", () => {
  it("is English as it stands, and numbers what it puts in", () => {
    const telling = told`${"a.csv"} has ${3} columns, not ${"{0}"}.`;
    expect(telling).toEqual({ template: "{0} has {1} columns, not {2}.", values: ["a.csv", 3, "{0}"] });
    expect(textOf(telling)).toBe("a.csv has 3 columns, not {0}.");
  });

  it("puts in other tellings, and several in a row", () => {
    const telling = told`It is one of: ${[told`queued`, "x", [told`failed`]]}.`;
    expect(textOf(telling)).toBe("It is one of: queued, x, failed.");
    expect(textOf(telling, (template) => template.toUpperCase())).toBe("IT IS ONE OF: QUEUED, x, FAILED.");
  });

  it("comes through JSON as it was", () => {
    const telling = told`It is one of: ${[told`queued`, 2]}.`;
    expect(textOf(JSON.parse(JSON.stringify(telling)))).toBe("It is one of: queued, 2.");
  });

  it("makes an error whose message stays English", () => {
    const error = new SluiceError("invalid", told`${"a.csv"} is empty: it has no header and no rows.`);
    expect(error.message).toBe("a.csv is empty: it has no header and no rows.");
    expect(inLanguage("fr", error)).toBe("a.csv est vide : ni en-tête, ni lignes.");
    expect(inLanguage("sv", error)).toBe("a.csv är tom: den har varken rubrikrad eller rader.");
    expect(inLanguage("en", error)).toBe(error.message);
  });

  it("leaves what nobody told as it is, and what no language knows in English", () => {
    expect(inLanguage("fr", new SluiceError("internal", "out of memory"))).toBe("out of memory");
    expect(textIn("fr", { template: "{0} is what an earlier version said.", values: ["This"] })).toBe(
      "This is what an earlier version said.",
    );
  });
});

/** Of nouns that are counted. */
const plurals =
  /\{(\d+)\} (?:different |created )?(rows|records|files|imports|cells|columns|lines|sheets|values|characters|tables|fields|minutes|hours|seconds|days|times)\b/g;

/** Whose numbers are limits, and so more than one. */
const limits =
  /at most|more than|up to|within|has sent nothing for|sent no bytes for|has 1 to|died \{\d+\} times|over \{\d+\} cells|would give \{0\} columns/;

it("says of one that it is one", () => {
  const wrong = templates.filter((template) => plurals.test(template) && !limits.test(template));
  expect(wrong).toEqual([]);
});

it.each([
  ["en", "1 row", "0 rows", "2 rows"],
  ["fr", "1 ligne", "0 ligne", "2 lignes"],
  ["sv", "1 rad", "0 rader", "2 rader"],
] as const)("counts as %s does", (language, one, none, two) => {
  const say = (count: number): string => textIn(language, told`would give ${count} {0:row|rows} instead of ${9}`);
  expect([say(1), say(0), say(2)].map((text, k) => text.includes([one, none, two][k]))).toEqual([true, true, true]);
});
