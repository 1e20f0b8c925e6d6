/** What lies in a data folder, without the folders that databases have there. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** The paths of all files in `files/`, or another room of the data folder, in their order. */
export async function storedFiles(dataDir: string, room: "files" | "reports" = "files"): Promise<string[]> {
  const entries = await readdir(join(dataDir, room), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name))
    .sort();
}
