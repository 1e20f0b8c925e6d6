/** The Supabase project, if there is one. */
import { createServerClient } from "@supabase/ssr";
import { cookies } from "next/headers";

/** Read when it runs, not when it is built: one build serves every environment. */
export function supabaseProject(): { url: string; anonKey: string } | null {
  const { NEXT_PUBLIC_SUPABASE_URL: url, NEXT_PUBLIC_SUPABASE_ANON_KEY: anonKey } = process.env;
  return url && anonKey ? { url: url.replace(/\/+$/, ""), anonKey } : null;
}

/** Supabase as the person who makes this request; null without a project. */
export async function supabaseOfRequest() {
  const project = supabaseProject();
  if (project === null) return null;
  const store = await cookies();
  return createServerClient(project.url, project.anonKey, {
    cookies: {
      getAll: () => store.getAll(),
      setAll(changed) {
        try {
          for (const { name, value, options } of changed) store.set(name, value, options);
        } catch {
          // A page cannot set cookies while it is rendered; proxy.ts has done so before.
        }
      },
    },
  });
}
