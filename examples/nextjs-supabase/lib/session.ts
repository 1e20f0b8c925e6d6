/** Who is signed in: by Supabase, or on a laptop without a project one of two invented people. */
import { cookies } from "next/headers";
import { jwtVerifier } from "sluice/server";
import { supabaseOfRequest, supabaseProject } from "./supabase.ts";

export interface Person {
  id: string;
  name: string;
  role: "operator" | "admin" | "user";
}

/** They are let in by name alone, so only under `next dev`: a build for production has no trace of them. */
export const developmentPeople: readonly Person[] =
  process.env.NODE_ENV === "development"
    ? [
        { id: "00000000-0000-4000-8000-000000000001", name: "Camille Moreau", role: "admin" },
        { id: "00000000-0000-4000-8000-000000000002", name: "Lucas Petit", role: "user" },
      ]
    : [];
export const developmentCookie = "crm-dev-personne";

/** For the import API. A token in the header decides alone: cookies count only where the API has checked the request's origin. */
export async function signedIn(request: Request): Promise<Person | null> {
  const [, token] = /^bearer\b *(.*)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (token === undefined) return currentPerson();
  return (await verifier()?.(token)) ?? null;
}

/** For pages and the API, by the cookie. */
export async function currentPerson(): Promise<Person | null> {
  const verify = verifier();
  const supabase = await supabaseOfRequest();
  if (verify === null || supabase === null) {
    const id = (await cookies()).get(developmentCookie)?.value;
    return developmentPeople.find((each) => each.id === id) ?? null;
  }
  // What is in the cookie is anybody's to write: only the token's signature says who it is.
  const { data } = await supabase.auth.getSession();
  const token = data.session?.access_token;
  if (token === undefined) return null;
  return verify(token).catch((error: { code?: string }) => {
    if (error.code === "unauthorized") return null;
    throw error;
  });
}

let made: ReturnType<typeof jwtVerifier> | undefined;

/** Checks tokens of Supabase Auth by the project's published keys. Null without a project. */
function verifier(): ReturnType<typeof jwtVerifier> | null {
  const project = supabaseProject();
  if (project === null) return null;
  const issuer = `${project.url}/auth/v1`;
  made ??= jwtVerifier({
    jwksUrl: `${issuer}/.well-known/jwks.json`,
    issuer,
    audience: "authenticated",
    // Of a project that still signs by its legacy secret.
    secret: process.env.SUPABASE_JWT_SECRET || undefined,
  });
  return made;
}
