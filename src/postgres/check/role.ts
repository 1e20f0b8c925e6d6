/** The role that an importer's `session` asks for: there, to be taken, and let to the stages. */
import { SluiceError } from "../../core/errors.ts";
import { roleOf, sampleRun, transactionOn } from "../tables/on-target.ts";
import { type Finder, failure } from "./finding.ts";

/** Takes it, for nothing. Nothing can be said of a role that hangs on the import's context. */
export const findUnfitRole: Finder = async ({ database, importer }) => {
  const run = sampleRun(importer);
  if (roleOf(run) === null) return [];
  try {
    await transactionOn(database, run, async () => {});
    return [];
  } catch (error) {
    if (!(error instanceof SluiceError) || error.told === undefined) throw error;
    return [failure(error.told, error.code)];
  }
};
