/** A file that asks every question a mapping can have, brought to the page's step of columns. */
import { join } from "node:path";
import { guests } from "./guests/sluice.config.ts";
import { nowhere, type OpenPage, type OpenPageOptions, openPage } from "./open-page.ts";

/** Day or month first, comma or point, unknown words, lost zeros: each is asked. */
export const doubtfulFile = [
  "Mail;Name;Birthday;Amount spent;Status;Postal code;City;Remarks",
  "ann@example.com;Ann Lee;03/04/1985;1,500;Nouveau;1000;Bourg;likes tea",
  "bo@example.com;Bo Ek;05/06/1990;2,250;Habitué;69001;Lyon;",
  "cy@example.com;Cy Roy;07/08/1979;3,125;Prospect;75011;Paris;calls back",
  "di@example.com;Di Marc;01/02/2001;1,000;Nouveau;75012;Paris;",
  "ed@example.com;Ed Stone;09/10/1966;4,750;Nouveau;13002;Marseille;",
  "fa@example.com;Fa Bell;11/12/1988;5,125;VIP;06000;Nice;",
  "",
].join("\n");

export interface OpenMap extends OpenPage {
  id: number;
}

/** The page at the step of columns, for the file. */
export async function openMap(
  content: string | Uint8Array,
  { name = "guests.csv", options = {} }: { name?: string; options?: OpenPageOptions } = {},
): Promise<OpenMap> {
  const opened = await openPage({
    at: nowhere,
    importers: [guests],
    cwd: join(import.meta.dirname, "guests"),
    ...options,
  });
  const id = await bringGuests(opened, content, name);
  await opened.page.goto(`/import/${id}`);
  return { ...opened, id };
}

export async function bringGuests(
  { client }: Pick<OpenPage, "client">,
  content: string | Uint8Array,
  name = "guests.csv",
): Promise<number> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const upload = await client.upload(bytes, { name });
  return (await client.imports.create({ uploadId: upload.id, importer: "guests", again: true })).id;
}
