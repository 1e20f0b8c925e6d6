/** `afterCommit`: whether the query of a sink's documents is one, and has the `id` by which it is asked for some of them. */
import { recordSinksOf } from "../../core/bound-sink.ts";
import { isConnectionLoss } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { sampleRun, sessionOn } from "../tables/on-target.ts";
import { advice, type Finder, type Finding } from "./finding.ts";

/** Planned, not run. An import goes in all the same: its changes wait until the query is right. */
export const findUnfitSinks: Finder = async ({ database, importer }) => {
  const findings: Finding[] = [];
  for (const { name, sink } of recordSinksOf(importer)) {
    const { select } = sink;
    if (select === undefined) continue;
    try {
      await sessionOn(database, sampleRun(importer), (session) =>
        session.tables.query(sql`explain select d.id::text, to_jsonb(d.*) from (${sql.raw(`${select}\n`)}) d`),
      );
    } catch (error) {
      if (isConnectionLoss(error)) throw error;
      const { code = "", message } = error as { code?: string; message: string };
      // What policies say for a context that never was is no matter here.
      if (!/^42/.test(code) || (importer.session !== undefined && code === "42501")) continue;
      findings.push(
        advice(
          `the sink "${name}" gets nothing before its \`select\` is a query of documents with a column id: ${message}. Write it such as: select id, name from ${importer.target.table}`,
        ),
      );
    }
  }
  return findings;
};
