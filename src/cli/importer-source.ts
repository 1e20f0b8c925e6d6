/** An importer for an existing table, as TypeScript for a developer to continue from. */
import type { DescribedTable } from "../app.ts";
import { reservedFields } from "../core/definition/definition-check.ts";
import { SluiceError } from "../core/errors.ts";
import { fieldSource, snakeCase, tableName } from "./field-source.ts";

export interface ImporterSource {
  /** What `sluice import` calls it: `customer-orders`. */
  name: string;
  /** What the file exports: `customerOrders`. */
  exported: string;
  text: string;
}

const createdName = /^(?:created|inserted|added)(?:_(?:at|on|date|time))?$/;
const updatedName = /^(?:updated|modified|changed|last_modified|last_updated)(?:_(?:at|on|date|time))?$/;
/** When the application took the record for deleted. */
const deletedName = /^(?:deleted|removed|archived)_?(?:at|on|date|time)$/;
const jobName = /^(?:import|sluice)_job(?:_id)?$/;

/** Words that a `const` of a module cannot be called, and the names that the file imports. */
const takenWords = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum export extends false finally for " +
    "function if implements import in instanceof interface let new null package private protected public return static " +
    "super switch this throw true try typeof var void while with yield arguments eval undefined NaN Infinity field " +
    "defineImporter"
  ).split(" "),
);

/** @throws SluiceError `invalid` when the table has no key that identifies a record. */
export function importerSource(table: DescribedTable): ImporterSource {
  if (`${table.schema}${table.table}`.includes(".")) {
    throw new SluiceError(
      "invalid",
      `"${table.table}" has a dot in its name, which an importer's target cannot have. Make a view of another name over it.`,
    );
  }
  const words = snakeCase(table.table).replace(/^[^a-z]+/, "") || "records";
  const name = words.replaceAll("_", "-");
  const camel = words.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const exported = takenWords.has(camel) ? `${camel}Importer` : camel;
  const id = recordKey(table);
  const body = fieldLines(table, id);
  if (body.fields.length === 0) {
    throw new SluiceError(
      "invalid",
      `The table "${table.table}" has no column that a file could fill: ${body.leftOut.join("; ")}.`,
    );
  }
  const target = [
    `table: ${JSON.stringify(tableName(table.schema, table.table))}`,
    ...(id === "id" ? [] : [`id: ${JSON.stringify(id)}`]),
    ...(body.job === null ? [] : [`job: ${JSON.stringify(body.job)}`]),
    ...(body.updatedAt === null ? [] : [`updatedAt: ${JSON.stringify(body.updatedAt)}`]),
  ];
  const lines = [
    `/** Imports files into the table ${comment(tableName(table.schema, table.table)).replaceAll("*/", "* /")}. Written by \`sluice init\`; it is yours now. */`,
    'import { defineImporter, field } from "sluice";',
    "",
    `export const ${exported} = defineImporter({`,
    `  name: ${JSON.stringify(name)},`,
    "  fields: {",
    '    // Headers that mean a field are its `aliases`: field.text({ aliases: { en: ["Surname"], fr: ["Nom"] } }).',
    ...body.fields,
    ...body.leftOut.map((each) => `    // Left out: ${comment(each)}.`),
    "  },",
    ...matchLines(table, body),
    `  target: { ${target.join(", ")} },`,
    ...table.checks
      .filter(({ columns }) => columns.length > 1)
      .map(
        (check) =>
          `  // The database also demands ${comment(check.expression)} (${comment(check.name)}): say it in \`checks\` for a better message.`,
      ),
    "});",
    "",
  ];
  return { name, exported, text: lines.join("\n") };
}

/** The column by which Sluice knows a record again: the primary key, or else a unique column that is never null. */
function recordKey({ primaryKey, uniques, columns, table }: DescribedTable): string {
  if (primaryKey.length === 1) return primaryKey[0];
  const unique = uniques.find((key) => key.length === 1 && columns.find(({ name }) => name === key[0])?.notNull);
  if (unique !== undefined) return unique[0];
  throw new SluiceError(
    "invalid",
    `The table "${table}" has no primary key of one column, and no unique column that is never null: Sluice could not tell its records apart. ` +
      `Give it one, as in: alter table "${table}" add column id bigint generated always as identity unique;`,
  );
}

interface Body {
  fields: string[];
  leftOut: string[];
  keys: { field: string; column: string }[];
  updatedAt: string | null;
  job: string | null;
  /** What distinguishes live records from deleted ones. */
  where: string | null;
}

function fieldLines(table: DescribedTable, id: string): Body {
  const body: Body = { fields: [], leftOut: [], keys: [], updatedAt: null, job: null, where: conditionOf(table) };
  const taken = new Set<string>(reservedFields);
  const uniqueColumns = new Set(
    [
      table.primaryKey,
      ...table.uniques,
      ...table.partialUniques.filter(({ condition }) => bare(condition) === body.where).map(({ columns }) => columns),
    ]
      .filter((key) => key.length === 1)
      .map(([column]) => column),
  );
  for (const column of table.columns) {
    const plain = snakeCase(column.name);
    const isTime = /^(?:timestamp|date)/.test(column.type);
    if (column.generated || (column.name === id && column.hasDefault)) {
      body.leftOut.push(`${column.name} (Postgres fills it)`);
    } else if (isTime && !column.notNull && deletedName.test(plain)) {
      body.leftOut.push(`${column.name} (the application says when it deletes a record)`);
    } else if (isTime && body.updatedAt === null && updatedName.test(plain)) {
      body.updatedAt = column.name;
    } else if (isTime && column.hasDefault && createdName.test(plain)) {
      body.leftOut.push(`${column.name} (its default fills it)`);
    } else if (body.job === null && column.type === "bigint" && jobName.test(plain)) {
      body.job = column.name;
    } else {
      const field = unusedName(plain, taken);
      const source = fieldSource(column, field, table);
      if (source.kind === null) {
        body.leftOut.push(`${column.name} (${source.reason})`);
        continue;
      }
      taken.add(field);
      body.fields.push(...source.notes.map((note) => `    // ${comment(note)}`), `    ${field}: ${source.code},`);
      if (source.mayBeKey && uniqueColumns.has(column.name)) body.keys.push({ field, column: column.name });
    }
  }
  return body;
}

/** The condition of a unique index that is over some records alone; else that a record is not deleted. */
function conditionOf({ partialUniques, columns }: DescribedTable): string | null {
  if (partialUniques.length > 0) return bare(partialUniques[0].condition);
  const deleted = columns.find(
    ({ name, type, notNull }) => !notNull && /^(?:timestamp|date)/.test(type) && deletedName.test(snakeCase(name)),
  );
  if (deleted === undefined) return null;
  const { name } = deleted;
  return `${/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`} is null`;
}

/** As a person writes it: the catalogue puts brackets around. */
function bare(condition: string): string {
  const inner = /^\(([^()]*)\)$/.exec(condition)?.[1] ?? condition;
  return inner.replace(/ IS (NOT )?NULL$/, (words) => words.toLowerCase());
}

/** A field name that defineImporter takes: lower case letters, digits and _, at most 55, a letter first. */
function unusedName(plain: string, taken: ReadonlySet<string>): string {
  const base = (/^[a-z]/.test(plain) ? plain : `field_${plain}`.replace(/_$/, "")).slice(0, 50);
  if (!taken.has(base)) return base;
  for (let k = 2; ; k++) if (!taken.has(`${base}_${k}`)) return `${base}_${k}`;
}

function matchLines(table: DescribedTable, { keys, where }: Body): string[] {
  const several = table.uniques.filter((key) => key.length > 1).map((key) => `(${key.map(comment).join(", ")})`);
  const lines = several.map(
    (key) =>
      `  // ${key} is unique together. A key of several columns can only be matched when all but one are context.`,
  );
  if (keys.length === 0) {
    return [
      ...lines,
      "  // No unique column tells a duplicate: every row becomes a new record. Which fields would?",
      '  // match: { keys: [], onDuplicate: "update" },',
    ];
  }
  return [
    ...lines,
    ...(where === null ? [] : ["  // Other records are as if they were not there: a row makes a new one beside them."]),
    "  // A row is a duplicate when any of these is the same, the first deciding. skip, update or create?",
    `  match: { keys: [${keys.map(({ field }) => JSON.stringify(field)).join(", ")}], onDuplicate: "skip"${where === null ? "" : `, where: ${JSON.stringify(where)}`} },`,
  ];
}

/** Text that stays within a comment's line. */
function comment(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
