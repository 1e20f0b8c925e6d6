/** Importers, tables and steps that the tests of undo share. */

import type { KeptRow, UndoCounts, UndoPreview } from "../../src/core/store/undo.ts";
import { defineImporter, field } from "../../src/index.ts";
import { type OpenEngine, workToEnd } from "../open-engine.ts";

export const contacts = defineImporter({
  name: "contacts",
  fields: { email: field.email(), name: field.text(), city: field.text(), age: field.integer() },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "contacts" },
});
export const contactsTable = `
  create table contacts (id bigint generated always as identity primary key, email text unique, name text, city text, age integer);
  insert into contacts (email, name, city, age) values ('old1@x.fr', 'Old', 'Lyon', 30), ('old2@x.fr', 'Old', 'Nice', 40);`;
/** Two records that are updated, name and city each, and three that are created. */
export const contactsFile = `email,name,city
old1@x.fr,Fresh,Paris
old2@x.fr,Fresh,Paris
new1@x.fr,One,Lille
new2@x.fr,Two,Lille
new3@x.fr,Three,Lille
`;

export interface Undone {
  status: string;
  deleted: number;
  restored: number;
  /** Reasons that there are. */
  kept: Partial<UndoCounts["kept"]>;
  /** What is listed, without what says nothing. */
  rows: Partial<KeptRow>[];
}

/** Presses undo and works until nothing is left to do; what came of it. */
export async function undo(open: OpenEngine, jobId: number): Promise<Undone> {
  await open.engine.undo(jobId, "ann");
  await workToEnd(open.engine, jobId);
  return undoneOf(open, jobId);
}

export async function undoneOf({ engine }: OpenEngine, jobId: number): Promise<Undone> {
  const { deleted, restored, kept } = await engine.undone.report(jobId);
  const { status } = await engine.imports.get(jobId);
  return {
    status,
    deleted,
    restored,
    kept: Object.fromEntries(Object.entries(kept).filter(([, count]) => count > 0)),
    rows: (await engine.undone.keptRows(jobId)).map(({ id: _, ...row }) =>
      Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
    ),
  };
}

/** What a preview foretells, in the words of what comes of it. */
export function foretold({ toDelete, toRestore, kept }: UndoPreview): Pick<Undone, "deleted" | "restored" | "kept"> {
  const counts = {
    edited_since: kept.edited,
    edited_in_part: kept.editedInPart,
    referred_to: kept.referred,
    gone_already: kept.gone,
  };
  return {
    deleted: toDelete,
    restored: toRestore,
    kept: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
  };
}
