/** Tables of Citus that are spread over machines: what of an import goes there, and what does not. */
import { distributionOf } from "../tables/distribution.ts";
import { advice, type Finder } from "./finding.ts";

export const findDistributed: Finder = async ({ database, target: { oid, name } }) => {
  switch (await distributionOf(database, oid)) {
    case "local":
      return [];
    case "reference":
      return [
        advice(
          `${name} is a reference table of Citus: its records do not show who has changed them, so imports into it cannot be undone`,
        ),
      ];
    case "distributed":
      return [
        advice(
          `${name} is a distributed table of Citus: imports can create records there, and neither change nor delete any, nor be undone. Set match.onDuplicate to "skip"`,
        ),
      ];
  }
};
