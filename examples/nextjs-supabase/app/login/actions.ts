"use server";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { developmentCookie, developmentPeople } from "@/lib/session.ts";
import { supabaseOfRequest } from "@/lib/supabase.ts";

export async function signIn(form: FormData): Promise<void> {
  const next = pathOf(form.get("next"));
  const supabase = await supabaseOfRequest();
  if (supabase === null) return signInForDevelopment(String(form.get("person")), next);
  const { error } = await supabase.auth.signInWithPassword({
    email: String(form.get("email")),
    password: String(form.get("password")),
  });
  if (error === null) redirect(next);
  const why = error.status !== undefined && error.status < 500 ? "refused" : "unavailable";
  redirect(`/login?${new URLSearchParams({ error: why, next })}`);
}

export async function signOut(): Promise<void> {
  await (await supabaseOfRequest())?.auth.signOut();
  (await cookies()).delete(developmentCookie);
  redirect("/login");
}

/** The list is empty outside of `next dev`. */
async function signInForDevelopment(id: string, next: string): Promise<void> {
  const person = developmentPeople.find((each) => each.id === id);
  if (person === undefined) redirect("/login?error=refused");
  (await cookies()).set(developmentCookie, person.id, { httpOnly: true, sameSite: "lax" });
  redirect(next);
}

/** A path of this app, never another site's address. */
function pathOf(next: FormDataEntryValue | null): string {
  const url = typeof next === "string" ? URL.parse(next, "http://here") : null;
  // A path that begins with two slashes is a host's name to a browser.
  return url?.origin === "http://here" ? `${url.pathname.replace(/^\/+/, "/")}${url.search}` : "/leads";
}
