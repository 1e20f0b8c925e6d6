/**
 * Renews the session of Supabase before a page is rendered. Not for /api: Next.js cuts the body of a request that passes a proxy
 * at 10 MB, and the import API renews the session itself.
 */
import { createServerClient } from "@supabase/ssr";
import { type NextRequest, NextResponse } from "next/server";
import { supabaseProject } from "./lib/supabase.ts";

export const config = { matcher: ["/((?!api/|_next/|favicon.ico).*)"] };

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const project = supabaseProject();
  let response = NextResponse.next({ request });
  if (project === null) return response;
  const supabase = createServerClient(project.url, project.anonKey, {
    cookies: {
      getAll: () => request.cookies.getAll(),
      setAll(changed, headers) {
        for (const { name, value } of changed) request.cookies.set(name, value);
        // The page sees the new session at once, the browser from then on.
        response = NextResponse.next({ request });
        for (const { name, value, options } of changed) response.cookies.set(name, value, options);
        // A session must not be kept by what is in between.
        for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
      },
    },
  });
  await supabase.auth.getSession();
  return response;
}
