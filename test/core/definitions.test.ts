/** Definitions that are wrong: each is refused at once, with the importer's name, the place and the word that was meant. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { countries } from "../../src/core/fields/countries.ts";
import { atLeastOne, constant, defineImporter, field } from "../../src/index.ts";

// As JavaScript and JSON have them: what the compiler would refuse.
// biome-ignore lint/suspicious/noExplicitAny: that is the point
type Anything = any;
const f = field as Anything;
const one = { a: field.text() };
const target = { table: "people" };
const table = { name: "people", columns: { id: "bigint" }, create: ["create table people (id bigint)"] };

const wrong: [what: string, definition: Anything, sentence: string | RegExp][] = [
  // The importer itself.
  ["an unknown option", { filds: {} }, 'there is no option filds. Did you mean "fields"?'],
  [
    "an option of nothing like it",
    { colour: "red" },
    /^there is no option colour\. The options are: name, fields, label, .*, tables, views, .*load, foresee, finish\.$/,
  ],
  ["a key of no fields", { match: { keys: [[]] } }, "match.keys[0] is empty: name at least one."],
  [
    "a key with a field that is none",
    { match: { keys: [["a", "nix"]] } },
    'match.keys names "nix", which is not one of: a.',
  ],
  ["a key with a field twice", { match: { keys: [["a", "a"]] } }, 'match.keys[0] has "a" twice. Name each once.'],
  ["a key twice", { match: { keys: ["a", ["a"]] } }, 'match.keys names "a" twice. Name it once.'],
  [
    "a mode that is none",
    { modes: ["merge"] },
    'modes[0] is "merge", which is none of: append, upsert, update_only, replace, mirror. Use one of: append, upsert, update_only, replace, mirror.',
  ],
  ["no mode at all", { modes: [] }, "modes is empty: name at least one."],
  [
    "updates without a key",
    { modes: ["update_only"], match: { keys: [] } },
    "modes names update_only, and match.keys is empty, so that nothing would be updated. Name the fields that recognise a record.",
  ],
  ["no target", { target: undefined }, '`target` is missing. Say where the rows go: target: { table: "customers" }.'],
  ["a target that is a text", { target: "people" }, 'target is "people": write target: { table: "people" }.'],
  ["a target without a table", { target: {} }, "target lacks `table`."],
  [
    "a table of three parts",
    { target: { table: "a.b.c" } },
    'target.table is "a.b.c": it must be a table, or its schema and the table with a dot between, as crm.leads.',
  ],
  [
    "an unknown option of the target",
    { target: { table: "people", updated_at: "x" } },
    'there is no option target.updated_at. Did you mean "updatedAt"?',
  ],
  [
    "an id that is no name",
    { target: { table: "people", id: 7 } },
    "target.id is 7: it must be a text that is not blank.",
  ],
  ["a label in no language", { label: { de: "Leute" } }, "there is no option label.de. The options are: en, fr, sv."],
  ["a label that is a text", { label: "People" }, 'label is "People": it must be an object with en, fr, sv.'],
  [
    "no fields at all",
    { fields: undefined },
    "`fields` is missing. Add at least one: fields: { email: field.email() }.",
  ],
  [
    "fields in a list",
    { fields: [field.text()] },
    "fields is a list: it must be an object, such as { email: field.email() }.",
  ],
  // Matching.
  ["keys that are a text", { match: { keys: "a" } }, 'match.keys is "a": it must be a list, such as ["a"].'],
  [
    "a key that is no field",
    { match: { keys: ["aa"] } },
    'match.keys names "aa", which is not one of: a. Did you mean "a"?',
  ],
  [
    "a key without a column",
    { fields: { a: field.text({ column: null }) }, match: { keys: ["a"] } },
    'match.keys names "a", which has no column (column: null) that records could be recognised by.',
  ],
  ["a key twice", { match: { keys: ["a", "a"] } }, 'match.keys has "a" twice. Name each once.'],
  [
    "updates by no key",
    { match: { keys: [], onDuplicate: "update" } },
    "match.keys is empty, so that nothing would be updated. Name the fields that recognise a duplicate.",
  ],
  [
    "a strategy of another library",
    { match: { keys: ["a"], onDuplicate: "upsert" } },
    'match.onDuplicate is "upsert", which is none of: skip, update, create. Did you mean "update"?',
  ],
  ["an unknown option of match", { match: { key: ["a"] } }, 'there is no option match.key. Did you mean "keys"?'],
  // Values that no cell has.
  [
    "a default that is an object",
    { fields: { a: f.text({ default: { value: "x" } }) } },
    'fields.a.default is an object: it must be a value, such as "FR" or 0, or a function of the row.',
  ],
  [
    "a default that waits",
    { fields: { a: f.text({ default: async () => "x" }) } },
    "fields.a.default is an async function: it must answer at once: (row) => row.starts.",
  ],
  [
    "a derivation that is a value",
    { fields: { a: f.text({ derive: "x" }) } },
    'fields.a.derive is "x": it must be a function: (row) => row.starts.',
  ],
  [
    "a derivation of two arguments",
    { fields: { a: f.text({ derive: (_row: unknown, _k: unknown) => "x" }) } },
    "fields.a.derive takes one argument, the row.",
  ],
  [
    "both a default and a derivation",
    { fields: { a: f.text({ default: "x" }) }, derive: { a: () => "y" } },
    "fields.a has both `derive` and `default`: what derives it also says what a blank comes to. Keep `derive`.",
  ],
  [
    "a default of what is no field",
    { fields: { ends: field.date() }, match: undefined, defaults: { end: null } },
    'defaults.end is null: it must be a value, such as "FR" or 0, or a function of the row.',
  ],
  [
    "a derivation of what is no field",
    { fields: { ends: field.date() }, match: undefined, derive: { end: () => null } },
    'derive names "end", which is not one of: ends. Did you mean "ends"?',
  ],
  [
    "a set column that is a field's name",
    { target: { table: "people", set: { source: "a" } } },
    'target.set.source is "a": a field goes to a column by its own `column`; for the same text in every record write constant("a").',
  ],
  [
    "a set column that is a function",
    { target: { table: "people", set: { id: () => 1 } } },
    "target.set.id is a function: for a value of new records write onCreate(() => …).",
  ],
  [
    "a set column that a field fills",
    { target: { table: "people", set: { a: constant(1) } } },
    'fields.a and target.set.a both go to the column "a". Point one of them elsewhere.',
  ],
  [
    "a column that the database fills, as a text",
    { target: { table: "people", filledByDatabase: "slug" } },
    'target.filledByDatabase is "slug": it must be a list, such as ["slug"].',
  ],
  // What stands beside the target.
  ["a history without a column", { history: { table: "log" } }, "history lacks `record`."],
  [
    "a history that writes a column twice",
    { history: { table: "log", record: "event" } },
    'history.event and history.record both go to the column "event". Point one of them elsewhere.',
  ],
  [
    "an unknown option of the history",
    { history: { table: "log", record: "id", old: "x" } },
    "there is no option history.old. The options are: table, record, event, oldValues, newValues, job, actor.",
  ],
  [
    "owners by no column",
    { assign: { column: "owner", table: "users", by: [] } },
    "assign.by is empty: name at least one.",
  ],
  [
    "owners by a text",
    { assign: { column: "owner", table: "users", by: "email" } },
    'assign.by is "email": it must be a list, such as ["email"].',
  ],
  [
    "an owner's column that a field fills",
    { assign: { column: "a", table: "users", by: ["email"] } },
    'fields.a and assign.column both go to the column "a". Point one of them elsewhere.',
  ],
  [
    "context of no type",
    { context: { tenant: { type: "int" } } },
    'context.tenant.type is "int", which is none of: text, uuid, bigint, integer. Did you mean "integer"?',
  ],
  [
    "context that is a type",
    { context: { tenant: "uuid" } },
    /^context\.tenant is "uuid": it must be an object with column, type/,
  ],
  ["a table without columns", { tables: [{ name: "people" }] }, "tables[0] lacks `columns` and `create`."],
  [
    "a table made by nothing",
    { tables: [{ ...table, create: "create table people ()" }] },
    'tables[0].create is "create table people ()": it must be a list, such as ["create table people ()"].',
  ],
  // Functions.
  ["checks that are no list", { checks: () => null }, "checks is a function: put it into a list, [checks]."],
  [
    "a check that is a word",
    { checks: ["a"] },
    'checks[0] is "a": it must be atLeastOne("a", "b"), sqlCheck({ … }), or a function of the row.',
  ],
  [
    "a check that is asynchronous",
    { checks: [async () => null] },
    'checks[0] is an async function: it must answer at once: (row) => (row.a > row.b ? { message: "…" } : null).',
  ],
  ["a check on what is no field", { checks: [atLeastOne("a", "b")] }, 'checks names "b", which is not one of: a.'],
  [
    "a loader that is a text",
    { load: "insert" },
    'load is "insert": it must be a function: load: ({ rows, target }) => "insert into …".',
  ],
  [
    "a loader that is asynchronous",
    { load: async () => "" },
    'load is an async function: it must answer at once: load: ({ rows, target }) => "insert into …".',
  ],
  [
    "a loader of three arguments",
    { load: async (_chunk: object, _db: object, _to: string) => {} },
    'load takes at most 2 arguments: async (chunk, db) => { await db.query("…") }.',
  ],
  [
    "an end that is a text",
    { finish: "refresh" },
    'finish is "refresh": it must be a function: async (chunk, db) => { await db.query("…") }.',
  ],
  // Fields.
  ["a field that was not called", { fields: { a: field.text } }, "fields.a is a function. Call it, as field.text()."],
  ["a field that is a word", { fields: { a: "text" } }, 'fields.a is "text": it must be a field, as field.text().'],
  [
    "a field of one's own making",
    { fields: { a: { type: "text" } } },
    /^fields\.a is no field\. Make it with one of: field\.text\(\), /,
  ],
  [
    "options that are a text",
    { fields: { a: f.text("Name") } },
    'fields.a: field.text() takes its options as an object, not "Name".',
  ],
  [
    "an unknown option of a field",
    { fields: { a: f.text({ requird: true }) } },
    'there is no option fields.a.requird. Did you mean "required"?',
  ],
  [
    "an option of another kind",
    { fields: { a: f.email({ maxLength: 9 }) } },
    /^there is no option fields\.a\.maxLength\. The options are: kind, required, /,
  ],
  [
    "required that is a word",
    { fields: { a: f.text({ required: "yes" }) } },
    'fields.a.required is "yes": it must be true or false.',
  ],
  [
    "a merge rule of another tool",
    { fields: { a: f.text({ merge: "replace" }) } },
    'fields.a.merge is "replace", which is none of: overwrite, fill, never, clear. Did you mean "overwrite"?',
  ],
  [
    "aliases in no language",
    { fields: { a: f.text({ aliases: { fra: ["Nom"] } }) } },
    'there is no option fields.a.aliases.fra. Did you mean "fr"?',
  ],
  [
    "an alias that is a text, in a language of its own",
    { fields: { a: f.text({ aliases: { "pt-BR": "Nome" } }) } },
    'fields.a.aliases.pt-BR is "Nome": it must be a list, such as ["Nome"].',
  ],
  [
    "aliases that are a list",
    { fields: { a: f.text({ aliases: ["Nom"] }) } },
    "fields.a.aliases is a list: it must be an object with en, fr, sv.",
  ],
  [
    "an alias that is a text",
    { fields: { a: f.text({ aliases: { fr: "Nom" } }) } },
    'fields.a.aliases.fr is "Nom": it must be a list, such as ["Nom"].',
  ],
  [
    "a blank alias",
    { fields: { a: f.text({ aliases: { fr: [" "] } }) } },
    'fields.a.aliases.fr[0] is " ": it must be a text that is not blank.',
  ],
  [
    "a column that is no name",
    { fields: { a: f.text({ column: 7 }) } },
    "fields.a.column is 7: it must be a text that is not blank.",
  ],
  [
    "a column longer than Postgres has them",
    { fields: { a: field.text({ column: "é".repeat(32) }) } },
    /Postgres cuts names after 63 bytes/,
  ],
  [
    "a validator that is a function",
    { fields: { a: f.text({ validate: () => true }) } },
    "fields.a.validate is a function: it must be a Standard Schema validator, as Zod, Valibot and ArkType make them.",
  ],
  [
    "a validator that is asynchronous",
    {
      fields: {
        a: f.text({ validate: { "~standard": { version: 1, vendor: "own", validate: async () => ({ value: "" }) } } }),
      },
    },
    "fields.a.validate is asynchronous. Look values up with field.reference, or make it synchronous.",
  ],
  [
    "a length below nothing",
    { fields: { a: field.text({ maxLength: -1 }) } },
    "fields.a.maxLength is -1: it must be a whole number from 1 to 1073741823.",
  ],
  [
    "a length that is a text",
    { fields: { a: f.text({ maxLength: "80" }) } },
    'fields.a.maxLength is "80": it must be a whole number from 1 to 1073741823.',
  ],
  [
    "lengths the wrong way round",
    { fields: { a: field.text({ minLength: 5, maxLength: 4 }) } },
    "fields.a: `minLength` 5 is above `maxLength` 4. Swap them.",
  ],
  [
    "limits the wrong way round",
    { fields: { a: field.decimal({ min: 0.2, max: 0.1 }) } },
    "fields.a: `min` 0.2 is above `max` 0.1. Swap them.",
  ],
  [
    "a limit that is no number",
    { fields: { a: field.decimal({ min: Number.NaN }) } },
    "fields.a.min is NaN: it must be a number.",
  ],
  [
    "a limit of a whole number that is none",
    { fields: { a: field.integer({ min: 1.5 }) } },
    "fields.a.min is 1.5: it must be a whole number from -9007199254740991 to 9007199254740991.",
  ],
  [
    "a scale below nothing",
    { fields: { a: field.decimal({ scale: -2 }) } },
    "fields.a.scale is -2: it must be a whole number from 0 to 1000.",
  ],
  [
    "a pattern in quotes",
    { fields: { a: f.text({ pattern: "[A-Z]+" }) } },
    'fields.a.pattern is "[A-Z]+": it must be a regular expression, as /[A-Z]{3}/, without quotes.',
  ],
  [
    "a pattern that refers back",
    { fields: { a: field.text({ pattern: /(a+)\1/ }) } },
    "fields.a.pattern is /(a+)\\1/: a back reference can take for ever on a long cell. Leave it out, or look at the text in `checks` or `validate`.",
  ],
  [
    "a country by its name",
    { fields: { a: field.phone({ country: "France" }) } },
    'fields.a.country is "France": it must be a country\'s code of two letters (ISO 3166-1). Did you mean "FR"?',
  ],
  [
    "a country in French",
    { fields: { a: field.phone({ country: "Suède" }) } },
    'fields.a.country is "Suède": it must be a country\'s code of two letters (ISO 3166-1). Did you mean "SE"?',
  ],
  [
    "a country in small letters",
    { fields: { a: field.phone({ country: "se" }) } },
    'fields.a.country is "se": it must be a country\'s code of two letters (ISO 3166-1). Did you mean "SE"?',
  ],
  [
    "a country that there is not",
    { fields: { a: field.phone({ country: "Atlantis" }) } },
    'fields.a.country is "Atlantis": it must be a country\'s code of two letters (ISO 3166-1), such as FR.',
  ],
  [
    "a year that is none",
    { fields: { a: field.date({ twoDigitYearsFrom: 99_000 }) } },
    "fields.a.twoDigitYearsFrom is 99000: it must be a whole number from 1 to 9900.",
  ],
  [
    "a time zone that there is not",
    { fields: { a: field.datetime({ timeZone: "Europe/Nowhere" }) } },
    'fields.a.timeZone is "Europe/Nowhere", which is no time zone. Use an IANA name, such as Europe/Paris.',
  ],
  ["a choice of nothing", { fields: { a: field.choice({}) } }, "fields.a.values is empty: name at least one."],
  ["a choice that was not given", { fields: { a: f.choice() } }, "fields.a lacks `values`."],
  [
    "choices in a list",
    { fields: { a: f.choice(["new", "won"]) } },
    'fields.a.values is a list. Give each value its words: { "new": [], "won": [] }.',
  ],
  [
    "a word that means two values",
    { fields: { a: field.choice({ won: ["Done"], lost: ["done"] }) } },
    'fields.a.values: "done" means both "won" and "lost". Leave it with one of them.',
  ],
  ["a list of nothing", { fields: { a: f.list() } }, "fields.a lacks `element`."],
  [
    "a list of fields that were not called",
    { fields: { a: f.list(field.text) } },
    "fields.a.element is a function. Call it, as field.list(field.text()).",
  ],
  [
    "a list of lists",
    { fields: { a: f.list(field.list(field.text())) } },
    "fields.a.element is field.list(), which holds no single value of the file. Use another kind within field.list().",
  ],
  [
    "a list of references",
    { fields: { a: f.list(field.reference({ table: "t", by: ["x"] })) } },
    "fields.a.element is field.reference(), which holds no single value of the file. Use another kind within field.list().",
  ],
  [
    "an element that is wrong",
    { fields: { a: field.list(field.text({ maxLength: -1 })) } },
    "fields.a.element.maxLength is -1: it must be a whole number from 1 to 1073741823.",
  ],
  [
    "an element that is required",
    { fields: { a: field.list(field.text({ required: true })) } },
    "fields.a.element.required is about the field as a whole: say it in the options of field.list().",
  ],
  [
    "a validator of a list",
    { fields: { a: field.list(field.text(), { validate: z.string() }) } },
    "fields.a.validate looks at one value: give it to the element, as field.list(field.text({ validate })).",
  ],
  [
    "a separator of nothing",
    { fields: { a: field.list(field.text(), { separator: "" }) } },
    'fields.a.separator is "": it must be a text of 1 to 10 characters, as ";", several of them, or a pattern, as /[;,]/.',
  ],
  [
    "a separator that is more than a character",
    { fields: { a: field.list(field.text(), { separator: /, and |;;/ }) } },
    'fields.a.separator is /, and |;;/: it must be a pattern of single characters, as /[;,]/, or texts, as [";", " - "].',
  ],
  [
    "a text that is appended to",
    { fields: { a: f.text({ merge: "append" }) } },
    'fields.a.merge is "append", which is none of: overwrite, fill, never, clear. Use one of: overwrite, fill, never, clear.',
  ],
  [
    "a key of several values",
    { fields: { a: field.list(field.text()) }, match: { keys: ["a"] } },
    'match.keys names "a", which holds several values. Name fields of one value.',
  ],
  [
    "a scheme with its colon",
    { fields: { a: field.url({ schemes: ["https:"] }) } },
    'fields.a.schemes[0] is "https:": it must be a scheme in small letters without the colon, as https.',
  ],
  [
    "columns by a text",
    { fields: { a: f.columns("Stock", field.integer()) } },
    'fields.a.names is "Stock": it must be headers, as ["Stock Lyon"], headers with names, as { "Stock Lyon": "lyon" }, or a pattern, as /^Stock (.+)$/.',
  ],
  [
    "columns of one name",
    { fields: { a: field.columns({ "Stock A": "x", "Stock B": "x" }, field.integer()) } },
    'fields.a.names: "Stock A" and "Stock B" are both called "x". Give each a name of its own.',
  ],
  [
    "columns by a pattern that refers back",
    { fields: { a: field.columns(/(a)\1/, field.integer()) } },
    /^fields\.a\.names is .*: a back reference can take for ever/,
  ],
  ["columns of nothing", { fields: { a: f.columns(["A"]) } }, "fields.a lacks `element`."],
  [
    "columns of lists",
    { fields: { a: f.columns(["A"], field.list(field.text())) } },
    "fields.a.element is field.list(), which holds no single value of the file. Use another kind within field.columns().",
  ],
  [
    "a document within another",
    { fields: { a: f.json({ b: field.json() }) } },
    "fields.a.shape.b is field.json(), which holds no single value of the file. Use another kind within field.json().",
  ],
  [
    "a member with a dot",
    { fields: { a: field.json({ "b.c": field.text() }) } },
    'fields.a.shape: the name "b.c" cannot be used: 1 to 55 characters, without . and *.',
  ],
  [
    "a member with a column of the table",
    { fields: { a: field.json({ b: field.text({ column: "c" }) }) } },
    "fields.a.shape.b.column is about the field as a whole: say it in the options of field.json().",
  ],
  [
    "a member that is wrong",
    { fields: { a: field.json({ b: field.text({ maxLength: 0 }) }) } },
    "fields.a.shape.b.maxLength is 0: it must be a whole number from 1 to 1073741823.",
  ],
  [
    "a label that means another value",
    { fields: { a: field.choice({ won: { label: { en: "Done" } }, lost: ["done"] }) } },
    'fields.a.values: "done" means both "won" and "lost". Leave it with one of them.',
  ],
  [
    "a label in no language",
    { fields: { a: f.choice({ won: { label: { de: "Fertig" } } }) } },
    "there is no option fields.a.values.won.label.de. The options are: en, fr, sv.",
  ],
  [
    "a choice that is a text",
    { fields: { a: f.choice({ won: "Done" }) } },
    'fields.a.values.won is "Done": it must be an object with label, words.',
  ],
  ["a reference to no table", { fields: { a: f.reference({ by: ["name"] }) } }, "fields.a lacks `table`."],
  [
    "a reference by nothing",
    { fields: { a: field.reference({ table: "t", by: [] }) } },
    "fields.a.by is empty: name at least one.",
  ],
  [
    "a reference by a text",
    { fields: { a: f.reference({ table: "t", by: "name" }) } },
    'fields.a.by is "name": it must be a list, such as ["name"].',
  ],
  ["a reference of nothing", { fields: { a: f.reference() } }, "fields.a lacks `table` and `by`."],
  [
    "an answer that waits for ever",
    { synchronous: { seconds: 0 } },
    "synchronous.seconds is 0: it must be a whole number from 1 to 600.",
  ],
  ["a view without a query", { views: [{ name: "log" }] }, "views[0] lacks `query`."],
  [
    "a batch route that could be another's",
    { batch: { path: "imports", rows: "rows", fields: {} } },
    'batch.path is "imports": it must be lower case letters, digits and dashes that begin with batch-.',
  ],
  [
    "a batch route to a field that is not there",
    { batch: { path: "batch-a", rows: "rows", fields: { name: "b" } }, fields: { a: field.text() } },
    'batch.fields.name names "b", which there is not. Use one of: a.',
  ],
  [
    "a batch route whose members have one name",
    { batch: { path: "batch-a", rows: "rows", fileName: "rows", fields: { name: "a" } }, fields: { a: field.text() } },
    'batch has the member "rows" twice. Name each once.',
  ],
  [
    "a mirror that does not say what becomes of what is absent",
    { fields: one, target, modes: ["upsert", "mirror"] },
    'modes names mirror, and nothing says what becomes of records that the file does not name. Say it, as absent: "delete" or absent: { deactivate: { active: false } }.',
  ],
  [
    "a replace with a loader of one's own",
    { modes: ["replace"], load: () => "select 1" },
    "modes names replace, and `load` alone knows what it does with records. Keep one of them.",
  ],
  [
    "a share of removals that is none",
    { maxRemoval: 30 },
    "maxRemoval is 30: it must be a number from 0 to 1, such as 0.3.",
  ],
  [
    "two that fill one column",
    { fields: { a: field.text({ column: "b" }) }, target: { table: "people", job: "b" } },
    'fields.a and target.job both go to the column "b". Point one of them elsewhere.',
  ],
];

describe("defineImporter", () => {
  it.each(wrong)("refuses %s", (_what, definition, sentence) => {
    const define = (): unknown => defineImporter({ name: "people", fields: one, target, ...definition });
    expect(define).toThrow(expect.objectContaining({ code: "invalid" }));
    const said = /^Importer "people": (.*)$/.exec(messageOf(define))?.[1];
    if (typeof sentence === "string") expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a text", "people"],
  ])("refuses %s for a definition", (_what, definition) => {
    expect(() => defineImporter(definition as Anything)).toThrow(
      expect.objectContaining({ code: "invalid", message: "defineImporter(): it takes one object." }),
    );
  });

  it("refuses a definition without a name", () => {
    expect(() => defineImporter({ fields: one, target } as Anything)).toThrow(
      "defineImporter(): `name` is missing. It is what the command line and URLs call the importer.",
    );
  });

  it("takes an importer that was defined, as it is and changed", () => {
    const people = defineImporter({ name: "people", fields: one, match: { keys: ["a"] }, target, tables: [table] });
    expect(defineImporter(people)).toEqual(people);
    const others = defineImporter({ ...people, name: "others", match: { keys: ["a"], onDuplicate: "update" } });
    expect(others).toEqual({ ...people, name: "others", match: { keys: ["a"], onDuplicate: "update" } });
  });

  it("takes what is undefined as not said", () => {
    const loose: Anything = { match: undefined, history: undefined, checks: undefined, label: { en: undefined } };
    const fields = {
      a: f.text({ maxLength: undefined, pattern: undefined, merge: undefined, label: { fr: undefined } }),
    };
    expect(defineImporter({ name: "people", fields, target, ...loose }).fields.a).toMatchObject({ merge: "overwrite" });
  });

  it("takes validators of any library that answer at once", () => {
    const validate = z.string().regex(/^[A-Z]+$/);
    expect(defineImporter({ name: "people", fields: { a: field.text({ validate }) }, target }).name).toBe("people");
  });
});

it("knows the countries that phone numbers have", async () => {
  const { getCountries } = await import("libphonenumber-js");
  expect([...countries].sort()).toEqual(getCountries().sort());
});

function messageOf(define: () => unknown): string {
  try {
    define();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}
