/** What the server refuses, and why an import stands still, has its words in every language: whatever the source tells, and nothing else. */
import { describe, expect, it } from "vitest";
import { SluiceError, textOf, told } from "../../src/core/errors.ts";
import { catalogs, inLanguage, textIn } from "../../src/locale/told.ts";
import { findTellings } from "./tellings.ts";

const { tellings, plain } = findTellings();
const templates = [...new Set(tellings.map(({ template }) => template))].sort();

const placesOf = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g))].sort();
/** A command or a path of the API names again what the sentence has named: people who read a page need neither. */
const command = /(?:sluice \w+(?: \w+)?|(?:GET|PUT|POST|DELETE) \/[\w/]*|--context) ?\{\d+\}/g;

/** Rooms whose errors only operators and programmers meet, each with its reason. */
const english: readonly (readonly [file: RegExp, why: string])[] = [
  [/^src\/cli(\/|\.ts)/, "the command line speaks English"],
  [/^src\/(config|app)\.ts$/, "settings, told where the server is started"],
  [/^src\/core\/refuse-unknown\.ts$/, "settings and options, told where the server is started"],
  [
    /^src\/server\/(mount-options|config-file|environment|node-handler|fastify|serve)\.ts$/,
    "said to whoever starts a server",
  ],
  [/^src\/core\/(importer|definition\/.*)\.ts$/, "said to whoever writes an importer"],
  [/^src\/program\//, "said to whoever writes a program"],
  [/^src\/importers\//, "test data of the command line"],
  [/^src\/(values\/(encode-text|numbering-plan)|staging\/row-check)\.ts$/, "said to whoever writes an importer"],
  [/^src\/files\/source\.ts$/, "a file that is named on the command line"],
  [/^src\/embedded\//, "the server that the command line starts"],
  [
    /^src\/postgres\/(schema\/(grants|migrate)|target\/(tables|describe-table)|jobs\/measures)\.ts$/,
    "migrations and set-up",
  ],
  [/^src\/http\/auth\/(jwt|auth)\.ts$/, "said to whoever set up the sign-in"],
  [/^src\/http\/operations\/metrics-routes\.ts$/, "read by a monitor"],
  [/^src\/http\/intake\/multipart\.ts$/, "said to whoever writes a program that sends a form"],
];
/** They hand on the message of another error, and its telling with it. */
const handingOn = ["src/engine/preparation.ts", "src/http/imports/create.ts", "src/server/inspector-host.ts"];

describe("the source", () => {
  it("has sentences in every room that people meet", () => {
    const rooms = new Set(tellings.map(({ at }) => at.split(":")[0]));
    for (const room of [
      "src/formats/signature.ts",
      "src/http/request/request-context.ts",
      "src/postgres/jobs/imports.ts",
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

describe.each(Object.keys(catalogs) as (keyof typeof catalogs)[])("in %s", (language) => {
  const catalog = catalogs[language] ?? {};

  it("has every sentence of the source, and no other", () => {
    expect(Object.keys(catalog).sort()).toEqual(templates);
  });

  it("puts in what the English one does, but for what only a command names", () => {
    const differing = templates.filter((template) => {
      const [all, needed] = [placesOf(template), placesOf(template.replace(command, ""))];
      const here = placesOf(catalog[template] ?? "");
      return here.some((place) => !all.includes(place)) || needed.some((place) => !here.includes(place));
    });
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
