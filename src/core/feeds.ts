/**
 * What a column of the file can feed: a field, or a part of one. A mapping names it: `email`, `stock` (which several columns may
 * feed), `custom.size` (a member of a document), `custom.*` (the columns that feed nothing else).
 */

import { restName } from "./feed-names.ts";
import type { Field } from "./field.ts";
import type { JsonField } from "./fields/json.ts";
import { text } from "./fields/text.ts";
import type { Importer } from "./importer.ts";

export interface Feed {
  /** As a mapping has it. */
  readonly name: string;
  /** The importer's field. */
  readonly owner: string;
  /** How a cell is read. */
  readonly field: Field;
  /** Any number of columns may feed it. */
  readonly isShared: boolean;
  /** A member of a document: its name there. */
  readonly member: string | null;
  /** The columns that feed nothing else. */
  readonly isRest: boolean;
}

type Fields = Pick<Importer, "fields">;

/** A column of no kind of its own. */
const restText = text();

/** All that columns can feed, in the importer's order. */
export function feedsOf({ fields }: Fields): Feed[] {
  return Object.entries(fields)
    .filter(([, { derive }]) => derive === undefined)
    .flatMap(([name, field]) => [wholeOf(name, field), ...membersOf(name, field)]);
}

/** What a mapping means by a name; null: there is nothing so called. */
export function feedOf({ fields }: Fields, name: string): Feed | null {
  if (Object.hasOwn(fields, name)) return wholeOf(name, fields[name]);
  const dot = name.indexOf(".");
  const owner = name.slice(0, dot);
  if (dot < 0 || !Object.hasOwn(fields, owner)) return null;
  return membersOf(owner, fields[owner]).find((each) => each.name === name) ?? null;
}

function wholeOf(name: string, field: Field): Feed {
  const isShared = field.kind === "columns";
  return {
    name,
    owner: name,
    field: field.kind === "columns" ? field.element : field,
    isShared,
    member: null,
    isRest: false,
  };
}

function membersOf(owner: string, field: Field): Feed[] {
  if (field.kind !== "json") return [];
  const of = { owner, isShared: false, isRest: false };
  const members = Object.entries(field.shape).map(([member, each]) => ({
    ...of,
    name: `${owner}.${member}`,
    field: each,
    member,
  }));
  return field.rest
    ? [...members, { ...of, name: restName(owner), field: restText, member: null, isShared: true, isRest: true }]
    : members;
}

/** The documents that take what is left of a file's columns; the first of them does. */
export function restField({ fields }: Fields): string | null {
  const found = Object.entries(fields).find(([, field]) => field.kind === "json" && (field as JsonField).rest);
  return found?.[0] ?? null;
}
