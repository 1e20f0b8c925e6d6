/** Whether a worker is at an import. */
import type { Import } from "../../client/index.ts";

export function isRunning({ status }: Pick<Import, "status">): boolean {
  return status === "parsing" || status === "committing" || status === "undoing";
}
