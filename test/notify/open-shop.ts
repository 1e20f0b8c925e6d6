/** A shop whose products are imported by workers, with whatever sinks a test gives them. */
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import type { ImporterDefinition } from "../../src/core/importer.ts";
import type { EngineEvent } from "../../src/core/ports.ts";
import type { SinkStanding } from "../../src/core/store/outbox.ts";
import { type OpenWorkers, openWorkers } from "../worker/open-workers.ts";

export const shopTables = `
  create table brands (id bigint generated always as identity primary key, name text not null unique);
  create table products (
    id bigint generated always as identity primary key, code text not null unique, name text, price numeric, active boolean,
    brand_id bigint references brands, owner text
  );`;

const fields = {
  code: field.text({ required: true }),
  name: field.text(),
  price: field.decimal({ scale: 2 }),
  active: field.boolean(),
  brand: field.reference({ table: "brands", by: ["name"], column: "brand_id" }),
};

type Products = ImporterDefinition<typeof fields>;

export function products(options: Pick<Products, "afterCommit"> & Partial<Products>) {
  return defineImporter({
    name: "products",
    fields,
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "products" },
    ...options,
  });
}

export interface Shop extends OpenWorkers {
  events: EngineEvent[];
  /** Imports the text, to its end. Returns the import's number. */
  imports(text: string): Promise<number>;
  undoes(id: number): Promise<void>;
  /** Pauses are over at once. */
  hurry(): Promise<unknown>;
  standing(): Promise<SinkStanding>;
  /** How many messages wait. */
  waiting(): Promise<number>;
}

/** Call it in a test. */
export async function openShop(
  options: Pick<Products, "afterCommit"> & Partial<Products>,
  { workers = 1, env = {} }: { workers?: number; env?: Record<string, string> } = {},
): Promise<Shop> {
  const events: EngineEvent[] = [];
  const opened = await openWorkers({
    ddl: shopTables,
    importers: [products(options)],
    env: { SLUICE_CHUNK_ROWS: "100", ...env },
    workers,
    onEvent: (event) => events.push(event),
  });
  const standing = async (): Promise<SinkStanding> => (await opened.server.outbox.standing())[0];
  return {
    ...opened,
    events,
    standing,
    async imports(text) {
      const { id } = await opened.begin(text);
      await opened.reaches(id, "completed");
      return id;
    },
    async undoes(id) {
      await opened.server.engine.undo(id);
      await opened.reaches(id, "undone");
    },
    hurry: () => opened.rows("update sluice.sinks set next_at = now() where next_at > now()"),
    waiting: async () => (await standing()).waiting,
  };
}

/** `P0`, `P1` and so on, each with a name and a price. */
export function productsCsv(rows: number, price: (k: number) => string = (k) => `${k}.50`): string {
  const lines = Array.from({ length: rows }, (_, k) => `P${k},Product ${k},${price(k)}\n`);
  return `code,name,price\n${lines.join("")}`;
}
