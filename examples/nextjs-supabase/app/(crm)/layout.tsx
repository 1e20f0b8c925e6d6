/** Everything in this folder is for people who are signed in. */
import Link from "next/link";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { signOut } from "@/app/login/actions.ts";
import { currentPerson } from "@/lib/session.ts";

export default async function CrmLayout({ children }: { children: ReactNode }) {
  const person = await currentPerson();
  if (person === null) redirect("/login");
  return (
    <>
      <header className="bar">
        <strong>Cap CRM</strong>
        <nav aria-label="Navigation principale">
          <Link href="/leads">Prospects</Link>
          <Link href="/import">Importer</Link>
          <Link href="/import/history">Historique</Link>
          <Link href="/import/notifications">Notifications</Link>
        </nav>
        <form action={signOut}>
          <span>{person.name}</span>
          <button type="submit">Se déconnecter</button>
        </form>
      </header>
      <main>{children}</main>
    </>
  );
}
