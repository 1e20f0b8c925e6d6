/** An importer for an existing table, as TypeScript for a developer to continue from. */
import type { DescribedTable } from "../app.ts";
import { reservedFields } from "../core/definition/definition-names.ts";
import { SluiceError } from "../core/errors.ts";
import type { KeptKey } from "../core/keys.ts";
import { keyCode } from "../core/shape/key-code.ts";
import { fieldSource, snakeCase, tableName } from "./field-source.ts";
import {
  keySource,
  type Linked,
  type LookedUp,
  type Lookup,
  linkedLookupsOf,
  lookupsOf,
  recordLines,
} from "./record-source.ts";

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
    "defineImporter now onCreate ref"
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
    ...(body.ownId === null ? [] : [`set: { ${keyCode(body.ownId)}: onCreate(() => crypto.randomUUID()) }`]),
  ];
  const isSeveral = body.lookups.length > 0 || body.links.length > 0;
  const imported = [
    ...["defineImporter", "field"],
    ...(isSeveral && body.updatedAt !== null ? ["now"] : []),
    ...(body.ownId === null ? [] : ["onCreate"]),
    ...(isSeveral ? ["ref"] : []),
  ];
  const lines = [
    `/** Imports files into the table ${comment(tableName(table.schema, table.table)).replaceAll("*/", "* /")}. Written by \`sluice init\`; it is yours now. */`,
    `import { ${imported.join(", ")} } from "sluice";`,
    "",
    `export const ${exported} = defineImporter({`,
    `  name: ${JSON.stringify(name)},`,
    "  fields: {",
    '    // Headers that mean a field are its `aliases`: field.text({ aliases: { en: ["Surname"], fr: ["Nom"] } }).',
    ...body.fields,
    ...body.leftOut.map((each) => `    // Left out: ${comment(each)}.`),
    "  },",
    ...(isSeveral
      ? [...body.unmatched, ...recordLines(table, { ...body, id })]
      : [...matchLines(body), `  target: { ${target.join(", ")} },`]),
    ...(table.referring.length === 0
      ? []
      : [
          `  // These refer to it, and a row may make records there too (\`records\`): ${table.referring.map(comment).join(", ")}.`,
        ]),
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
  /** The columns that a field goes to as it is. */
  set: { column: string; field: string }[];
  /** Fields that recognise, or make, a record of another table. */
  lookups: LookedUp[];
  links: Linked[];
  leftOut: string[];
  /** Of one field, or of several. */
  keys: KeptKey[];
  /** On what is unique together and is no key. */
  unmatched: string[];
  updatedAt: string | null;
  /** Its id, where the application makes them and the table has no default. */
  ownId: string | null;
  job: string | null;
  /** What distinguishes live records from deleted ones. */
  where: string | null;
}

/** What an id of its own can be that an application makes: `uuid`, or text as Prisma has it. */
const isRandomId = /^(?:uuid|text|character varying(?:\((?:3[6-9]|[4-9]\d|\d{3,})\))?)$/;

function fieldLines(table: DescribedTable, id: string): Body {
  const body: Body = {
    fields: [],
    set: [],
    lookups: [],
    links: [],
    leftOut: [],
    keys: [],
    unmatched: [],
    updatedAt: null,
    ownId: null,
    job: null,
    where: conditionOf(table),
  };
  // The import's own number goes to a target alone.
  const hasJob = table.columns.some((column) => isJob(column));
  const lookups = hasJob ? new Map<string, never>() : lookupsOf(table);
  const linked = hasJob ? [] : linkedLookupsOf(table);
  const isSeveral = lookups.size > 0 || linked.length > 0;
  const taken = new Set<string>(reservedFields);
  /** Columns that recognise a record, alone or with others, with their fields. */
  const comparable = new Map<string, string>();
  const uniqueColumns = new Set(
    [
      table.primaryKey,
      ...table.uniques,
      ...table.partialUniques.filter(({ condition }) => bare(condition) === body.where).map(({ columns }) => columns),
    ]
      .filter((key) => key.length === 1)
      .map(([column]) => column),
  );
  // Prisma's tables have no default for what its client fills: the time of a change, and with it the id.
  const makesIds = table.columns.some(
    ({ name, type, notNull, hasDefault }) =>
      /^timestamp/.test(type) && notNull && !hasDefault && updatedName.test(snakeCase(name)),
  );
  for (const column of table.columns) {
    const plain = snakeCase(column.name);
    const isTime = /^(?:timestamp|date)/.test(column.type);
    if (column.generated || (column.name === id && column.hasDefault)) {
      body.leftOut.push(`${column.name} (Postgres fills it)`);
    } else if (column.name === id && makesIds && isRandomId.test(column.type)) {
      body.ownId = column.name;
      body.leftOut.push(`${column.name} (made for each new record: say how your application makes them, if not so)`);
    } else if (isTime && !column.notNull && deletedName.test(plain)) {
      body.leftOut.push(`${column.name} (the application says when it deletes a record)`);
    } else if (isTime && body.updatedAt === null && updatedName.test(plain)) {
      body.updatedAt = column.name;
    } else if (isTime && column.hasDefault && createdName.test(plain)) {
      body.leftOut.push(`${column.name} (its default fills it)`);
    } else if (body.job === null && isJob(column)) {
      body.job = column.name;
    } else if (lookups.has(column.name)) {
      const lookup = lookups.get(column.name) as Lookup;
      const field = unusedName(lookup.name, taken);
      taken.add(field);
      const options = [
        ...(column.notNull && !column.hasDefault ? ["required: true"] : []),
        ...(lookup.maxLength === null ? [] : [`maxLength: ${lookup.maxLength}`]),
      ];
      const other = `field.reference({ table: ${JSON.stringify(lookup.table)}, by: [${JSON.stringify(lookup.by)}] })`;
      body.fields.push(
        ...(column.comment === null ? [] : [`    // ${comment(column.comment)}`]),
        `    // What ${comment(lookup.table)} does not have yet is made there. To refuse it instead: ${comment(other)}, and no record.`,
        `    ${field}: field.text(${options.length === 0 ? "" : `{ ${options.join(", ")} }`}),`,
      );
      body.lookups.push({ ...lookup, field });
    } else {
      const field = unusedName(plain, taken);
      const source = fieldSource(column, isSeveral ? column.name : field, table);
      if (source.kind === null) {
        body.leftOut.push(`${column.name} (${source.reason})`);
        continue;
      }
      taken.add(field);
      body.set.push({ column: column.name, field });
      body.fields.push(...source.notes.map((note) => `    // ${comment(note)}`), `    ${field}: ${source.code},`);
      if (!source.mayBeKey) continue;
      comparable.set(column.name, field);
      if (uniqueColumns.has(column.name)) body.keys.push(field);
    }
  }
  for (const key of table.uniques.filter((each) => each.length > 1)) {
    const parts = key.map((column) => comparable.get(column) ?? null);
    if (parts.every((part) => part !== null)) body.keys.push(parts);
    else body.unmatched.push(`  // ${unmatchedKey(key, parts, body.lookups)}`);
  }
  for (const lookup of linked) {
    const field = unusedName(lookup.name, taken);
    taken.add(field);
    const one = `field.text(${lookup.maxLength === null ? "" : `{ maxLength: ${lookup.maxLength} }`})`;
    body.fields.push(
      `    // Several in a cell; those that ${comment(lookup.table)} does not have yet are made there.`,
      `    ${field}: field.list(${one}),`,
    );
    body.links.push({ ...lookup, field });
  }
  return body;
}

/** Whether a column is for the number of the import that made the record. */
function isJob({ name, type }: DescribedTable["columns"][number]): boolean {
  return type === "bigint" && jobName.test(snakeCase(name));
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

/** What is said of columns that are unique together, of which some are no field's. */
function unmatchedKey(key: readonly string[], parts: readonly (string | null)[], lookups: readonly LookedUp[]): string {
  const unique = `(${key.map(comment).join(", ")}) is unique together`;
  const sources = key.map((column, k) => {
    const lookup = lookups.find((each) => each.column === column);
    return lookup === undefined ? parts[k] && JSON.stringify(parts[k]) : `ref(${JSON.stringify(lookup.field)})`;
  });
  if (sources.every((source) => source !== null))
    return `${unique}: key: [${sources.join(", ")}] would recognise a record by it.`;
  return `${unique}. Rows are matched by it if what no field fills is context.`;
}

function matchLines({ keys, unmatched, where }: Body): string[] {
  if (keys.length === 0) {
    return [
      ...unmatched,
      "  // No unique column tells a duplicate: every row becomes a new record. Which fields would?",
      '  // match: { keys: [], onDuplicate: "update" },',
    ];
  }
  return [
    ...unmatched,
    ...(where === null ? [] : ["  // Other records are as if they were not there: a row makes a new one beside them."]),
    "  // A row is a duplicate when any of these is the same, the strongest first. skip, update or create?",
    `  match: { keys: [${keys.map(keySource).join(", ")}], onDuplicate: "skip"${where === null ? "" : `, where: ${JSON.stringify(where)}`} },`,
  ];
}

/** Text that stays within a comment's line. */
function comment(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
