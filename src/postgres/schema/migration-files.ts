/** The migrations: numbered files in `sql/`. The build puts their text in this module's place, so that a bundle has them too. */
import { readdir, readFile } from "node:fs/promises";

export interface Migration {
  number: number;
  statements: string;
}

const folder = new URL("../../../sql/", import.meta.url);

/** In their order. */
export async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{6}\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({
      number: Number.parseInt(name, 10),
      statements: await readFile(new URL(name, folder), "utf8"),
    })),
  );
}
