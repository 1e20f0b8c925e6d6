/**
 * The views that an importer ships: made where nothing has their name, made anew where an earlier version of Sluice has made them.
 * What somebody else has made under such a name is left as it is.
 */
import { SluiceError } from "../../core/errors.ts";
import type { Importer, ViewDefinition } from "../../core/importer.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { quotedName } from "./target.ts";

/** `absent`: to be made. `older`: made by Sluice, of another query. */
type Standing = "absent" | "older" | "current" | "foreign";

/** A view's comment says whose it is, and of what query. */
const signature = "Sluice: ";

/** @throws SluiceError `forbidden` where one is absent and the role may not create it. */
export async function createViews(database: Database, importer: Importer): Promise<void> {
  for (const view of importer.views ?? []) {
    const standing = await database.session((session) => standingOf(session, view));
    if (standing === "absent" || standing === "older") await createView(database, importer, view, standing);
  }
}

async function standingOf(session: Pick<Session, "query">, { name, query }: ViewDefinition): Promise<Standing> {
  const [found] = await session.query<{ isView: boolean; comment: string | null; own: string }>(sql`
    select c.relkind = 'v' as "isView", obj_description(c.oid, 'pg_class') as comment, ${signature}::text || md5(${query}::text) as own
    from pg_class c where c.oid = to_regclass(${quotedName(name)})
  `);
  if (found === undefined) return "absent";
  if (found.comment === found.own) return "current";
  return found.isView && found.comment?.startsWith(signature) === true ? "older" : "foreign";
}

async function createView(
  database: Database,
  importer: Importer,
  view: ViewDefinition,
  before: Standing,
): Promise<void> {
  const { name, query } = view;
  const id = sql.raw(quotedName(name));
  await database
    .transaction(async (session) => {
      await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice table ' || ${name}::text, 0))`);
      const standing = await standingOf(session, view);
      if (standing !== "absent" && standing !== "older") return;
      const [earlier] = await session.query<{ options: string | null }>(
        sql`select array_to_string(reloptions, ', ') as options from pg_class where oid = to_regclass(${quotedName(name)})`,
      );
      if (standing === "older") await session.query(sql`drop view ${id}`);
      // As on Supabase, where one that reads with its owner's rights is an error.
      const options = earlier?.options == null ? sql`` : sql`with (${sql.raw(earlier.options)})`;
      await session.query(sql`create view ${id} ${options} as ${sql.raw(query)}`);
      const [{ own }] = await session.query<{ own: string }>(
        sql`select ${signature}::text || md5(${query}::text) as own`,
      );
      await session.query(sql`comment on view ${id} is ${sql.lit(own)}`);
      await closeToOthers(session, name);
    })
    .catch((error: Error & { code?: string }) => {
      if (error.code !== "42501" && error.code !== "2BP01") throw error;
      // One of an earlier version serves until its owner migrates, and longer where other views stand on it.
      if (before === "older") return;
      throw new SluiceError(
        "forbidden",
        `The database user may not create the view ${name} of the importer "${importer.name}": ${error.message}. A user who may must run the migrations once.`,
        { cause: error, next: { code: "migrate" } },
      );
    });
}

/** A view reads with its owner's rights: who may not read what is below it must not read it through it, whatever the schema's default privileges. */
async function closeToOthers(session: Session, name: string): Promise<void> {
  const id = sql.raw(quotedName(name));
  const grantees = await session.query<{ role: string | null }>(sql`
    select distinct r.rolname::text as role
    from pg_class c cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
    where c.oid = to_regclass(${quotedName(name)}) and a.grantee <> c.relowner
  `);
  for (const { role } of grantees)
    await session.query(sql`revoke all on ${id} from ${role === null ? sql`public` : sql.id(role)}`);
}
