/** `--assign`: who gets the records. */
import type { App } from "../app.ts";
import type { Assignment } from "../core/assignment.ts";
import type { Mapping } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { OwnersFor } from "../core/owners.ts";
import { NeedsDecision } from "./decision.ts";

/** `none`, `single:WHO`, `round-robin:A,B:2`, `column:NAME` or `column:NAME|FALLBACK`; people by id, e-mail or name. */
export async function parseAssignment(
  text: string,
  importer: Importer,
  mapping: Mapping,
  app: App,
  whose: OwnersFor,
): Promise<Assignment> {
  const at = text.indexOf(":");
  const mode = at < 0 ? text : text.slice(0, at);
  const rest = at < 0 ? "" : text.slice(at + 1).trim();
  if (mode === "none" && rest === "") return { mode: "none" };
  if (importer.assign === undefined)
    throw new NeedsDecision(`The importer "${importer.name}" does not assign owners.`, {
      code: "omit_option",
      option: "assignment",
    });
  if (rest === "" || !["single", "round-robin", "column"].includes(mode)) {
    throw new NeedsDecision(`--assign "${text}" must be none, single:WHO, round-robin:A,B:2 or column:NAME.`);
  }
  await app.engine.prepareTarget(importer);
  const ownersOf = async (names: string[]): Promise<string[]> => {
    const ids = await app.engine.owners.find(importer, names, whose);
    const unknown = names.filter((_, k) => ids[k] === null);
    if (unknown.length > 0)
      throw new NeedsDecision(
        `--assign: nobody in ${importer.assign?.table} is called ${unknown.map((name) => `"${name}"`).join(", ")}.`,
      );
    return ids as string[];
  };
  if (mode === "single") return { mode, owner: (await ownersOf([rest]))[0] };
  if (mode === "round-robin") {
    const turns = rest.split(",").map((part) => {
      const [, name, weight] = /^(.*?)(?::(\d+))?$/.exec(part.trim()) as RegExpExecArray;
      return { name, weight: weight === undefined ? 1 : Number(weight) };
    });
    if (turns.some(({ name, weight }) => name === "" || weight < 1 || weight > 100)) {
      throw new NeedsDecision(
        `--assign "${text}": each owner is a name with an optional weight from 1 to 100, as in round-robin:anna@x.fr,bo@x.fr:2.`,
      );
    }
    const owners = await ownersOf(turns.map(({ name }) => name));
    return { mode, owners: turns.map(({ weight }, k) => ({ owner: owners[k], weight })) };
  }
  const [column, fallback] = rest.split("|").map((part) => part.trim());
  const found = mapping.columns.find(({ header }) => header.toLowerCase() === column.toLowerCase());
  if (found === undefined)
    throw new NeedsDecision(
      `--assign column: the file has no column "${column}". Its columns are: ${mapping.columns.map(({ header }) => header).join(", ")}.`,
    );
  return { mode: "column", column: found.header, ...(fallback && { fallback: (await ownersOf([fallback]))[0] }) };
}
