import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentPerson, developmentPeople } from "@/lib/session.ts";
import { supabaseProject } from "@/lib/supabase.ts";
import { signIn } from "./actions.ts";

export const metadata: Metadata = { title: "Connexion" };

const errors: Readonly<Record<string, string>> = {
  refused: "Adresse e-mail ou mot de passe incorrect.",
  unavailable: "Le service de connexion ne répond pas. Réessayez dans un instant.",
};

interface LoginPageProps {
  searchParams: Promise<{ error?: string | string[]; next?: string | string[] }>;
}

export default async function LoginPage({ searchParams }: LoginPageProps) {
  if ((await currentPerson()) !== null) redirect("/leads");
  const asked = await searchParams;
  const next = typeof asked.next === "string" ? asked.next : "/leads";
  const error = typeof asked.error === "string" ? errors[asked.error] : undefined;
  return (
    <main className="login">
      <h1>Cap CRM</h1>
      {error !== undefined && <p role="alert">{error}</p>}
      {supabaseProject() !== null ? (
        <form action={signIn}>
          <input type="hidden" name="next" value={next} />
          <label>
            Adresse e-mail
            <input type="email" name="email" autoComplete="username" required />
          </label>
          <label>
            Mot de passe
            <input type="password" name="password" autoComplete="current-password" required />
          </label>
          <button type="submit">Se connecter</button>
        </form>
      ) : (
        <form action={signIn}>
          <input type="hidden" name="next" value={next} />
          {developmentPeople.length === 0 ? (
            <p>
              La connexion n’est pas configurée. Renseignez NEXT_PUBLIC_SUPABASE_URL et NEXT_PUBLIC_SUPABASE_ANON_KEY,
              puis redémarrez l’application.
            </p>
          ) : (
            <p>Mode développement : choisissez votre profil. En production, on se connecte avec Supabase.</p>
          )}
          {developmentPeople.map(({ id, name, role }) => (
            <button key={id} type="submit" name="person" value={id}>
              {name} <small>{role === "admin" ? "Administratrice" : "Commercial"}</small>
            </button>
          ))}
        </form>
      )}
    </main>
  );
}
