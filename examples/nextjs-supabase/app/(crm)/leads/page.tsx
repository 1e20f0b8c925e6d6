import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { findLeads, leadsPerPage } from "@/lib/leads.ts";
import { currentPerson } from "@/lib/session.ts";

export const metadata: Metadata = { title: "Prospects" };

const statuses: Readonly<Record<string, string>> = {
  new: "Nouveau",
  contacted: "Contacté",
  qualified: "Qualifié",
  converted: "Converti",
  lost: "Perdu",
};

interface LeadsPageProps {
  searchParams: Promise<{ import?: string | string[]; page?: string | string[] }>;
}

export default async function LeadsPage({ searchParams }: LeadsPageProps) {
  // A layout is not asked anew for each of its pages: what a page shows it guards itself.
  const person = await currentPerson();
  if (person === null) redirect("/login");
  const asked = await searchParams;
  const importId = numberOf(asked.import);
  const page = numberOf(asked.page) ?? 1;
  const { leads, count } = await findLeads(person, { importId, page });
  const pages = Math.max(1, Math.ceil(count / leadsPerPage));
  const hrefOf = (to: number) =>
    `/leads?${new URLSearchParams({ ...(importId && { import: `${importId}` }), page: `${to}` })}`;
  return (
    <>
      <h1>Prospects</h1>
      {(count > 0 || importId !== null) && (
        <p className="count">
          {count.toLocaleString("fr-FR")} {count < 2 ? "prospect" : "prospects"}
          {importId !== null && (
            <>
              {" "}
              de l’import n° {importId}. <Link href="/leads">Tous les prospects</Link>
            </>
          )}
        </p>
      )}
      {count === 0 ? (
        <p className="empty">
          {importId === null ? "Vous n’avez pas encore de prospects." : "Aucun prospect ne vient de cet import."}{" "}
          <Link href="/import">Importer un fichier</Link>
        </p>
      ) : (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Nom</th>
                <th scope="col">E-mail</th>
                <th scope="col">Téléphone</th>
                <th scope="col">Société</th>
                <th scope="col">Ville</th>
                <th scope="col">Statut</th>
              </tr>
            </thead>
            <tbody>
              {leads.map((lead) => (
                <tr key={lead.id}>
                  <td>{[lead.first_name, lead.last_name].filter(Boolean).join(" ") || "–"}</td>
                  <td>{lead.email ?? "–"}</td>
                  <td>{lead.phone ?? "–"}</td>
                  <td>{lead.company ?? "–"}</td>
                  <td>{lead.city ?? "–"}</td>
                  <td>{statuses[lead.status] ?? lead.status}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {pages > 1 && (
        <nav className="pages" aria-label="Pages">
          {page > 1 && <Link href={hrefOf(page - 1)}>Page précédente</Link>}
          <span>
            Page {page} sur {pages}
          </span>
          {page < pages && <Link href={hrefOf(page + 1)}>Page suivante</Link>}
        </nav>
      )}
    </>
  );
}

/** A whole number of an address, from 1 up to what Postgres counts; null for anything else. */
function numberOf(text: string | string[] | undefined): number | null {
  return typeof text === "string" && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}
