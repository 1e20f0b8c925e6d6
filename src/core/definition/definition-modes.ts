/** The modes that an importer offers, and what they need to know of its records. */
import type { Fields, ImporterDefinition } from "../importer.ts";
import { removes } from "../modes.ts";
import { type Absent, mainRecord, type RecordPlan } from "../records.ts";
import { replacedRecords } from "../removals.ts";

type Definition = Pick<ImporterDefinition<Fields>, "modes" | "load" | "context">;

/** Modes that take away what is there need to know what that is. `absent`: of the target, or of the main record. */
export function modesProblem({ modes: offered = [], load }: Definition, absent: Absent = "leave"): string | null {
  const removing = offered.find(removes);
  if (removing !== undefined && load !== undefined)
    return `modes names ${removing}, and \`load\` alone knows what it does with records. Keep one of them`;
  return offered.includes("mirror") && absent === "leave"
    ? 'modes names mirror, and nothing says what becomes of records that the file does not name. Say it, as absent: "delete" or absent: { deactivate: { active: false } }'
    : null;
}

/** A mirror is of the main record: what refers to that goes with it, what it refers to stays. */
export function absentProblem(records: readonly RecordPlan[]): string | null {
  const idle = records.find(({ isMain, absent }) => !isMain && absent !== "leave");
  if (idle === undefined) return null;
  const main = mainRecord({ records });
  return `records.${idle.name} has \`absent\`, which only the main record can have: ${
    main === undefined ? "there is none" : `that is "${main.name}"`
  }. Remove it`;
}

/** A replace of records that nothing assigns to a context would only ever add. */
export function replaceProblem(
  { modes: offered = [], context }: Definition,
  records: readonly RecordPlan[],
): string | null {
  if (!offered.includes("replace") || replacedRecords({ context, records }).length > 0) return null;
  return "modes names replace, and no record tells what it replaces: none that rows make anew has the columns of the context, or refers to one that has. Add them, or leave replace out";
}
