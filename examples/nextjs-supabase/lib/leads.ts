/** The app's own reading of its table: Sluice is not needed for that. */
import pg from "pg";
import type { Person } from "./session.ts";
import { sluice } from "./sluice.ts";

export interface Lead {
  id: string;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  phone: string | null;
  company: string | null;
  city: string | null;
  status: string;
}

export const leadsPerPage = 50;

const kept = globalThis as { leadsPool?: Promise<pg.Pool> };

function pool(): Promise<pg.Pool> {
  kept.leadsPool ??= openPool().catch((error: unknown) => {
    kept.leadsPool = undefined;
    throw error;
  });
  return kept.leadsPool;
}

async function openPool(): Promise<pg.Pool> {
  // An instance on Vercel serves several requests; the pooler has connections for many instances, not many for each.
  const opened = new pg.Pool({ connectionString: await sluice.databaseUrl(), max: 2, idleTimeoutMillis: 5_000 });
  // A connection that breaks while nobody uses it: the next query opens another.
  opened.on("error", () => {});
  return opened;
}

/**
 * The newest first. The app's own role in the database is bound by no policy, so the query says who sees what: administrators
 * everything, others what is assigned to them.
 */
export async function findLeads(
  person: Person,
  { importId, page }: { importId: number | null; page: number },
): Promise<{ leads: Lead[]; count: number }> {
  const seen = `from leads
    where ($1 or assigned_to = $2::uuid) and ($3::bigint is null or import_job_id = $3)`;
  const values = [person.role !== "user", person.id, importId];
  const database = await pool();
  try {
    const [{ rows }, counted] = await Promise.all([
      database.query<Lead>(
        `select id, first_name, last_name, email, phone, company, city, status ${seen}
         order by id desc limit ${leadsPerPage} offset $4`,
        [...values, (page - 1) * leadsPerPage],
      ),
      database.query<{ count: number }>(`select count(*)::int as count ${seen}`, values),
    ]);
    return { leads: rows, count: counted.rows[0].count };
  } catch (error) {
    // Without a migration the table comes with the first import.
    if ((error as { code?: string }).code === "42P01") return { leads: [], count: 0 };
    throw error;
  }
}
