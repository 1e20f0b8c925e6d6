"use client";
/** The connection of Sluice's components to this app: its API, its language, its addresses, its sign-in and its project's Realtime. */
import { createBrowserClient } from "@supabase/ssr";
import { useRouter } from "next/navigation";
import { type ReactNode, useMemo } from "react";
import { type Place, type Places, Sluice } from "sluice/react";

function hrefOf(place: Place): string | null {
  if (place.page === "new") return "/import";
  if (place.page === "import") return `/import?id=${place.id}`;
  if (place.page === "history") return "/import/history";
  return place.page === "records" ? `/leads?import=${place.id}` : null;
}

interface SluiceInFrenchProps {
  /** Null: progress comes from the API alone. */
  project: { url: string; anonKey: string } | null;
  children: ReactNode;
}

export function SluiceInFrench({ project, children }: SluiceInFrenchProps) {
  const router = useRouter();
  const { url, anonKey } = project ?? {};
  // One for the page, signed in by the same cookie as the server sees.
  const realtime = useMemo(
    () => (url === undefined || anonKey === undefined ? undefined : createBrowserClient(url, anonKey)),
    [url, anonKey],
  );
  const places = useMemo<Places>(
    () => ({
      hrefOf,
      go: (place) => router.push(hrefOf(place) ?? "/import/history"),
      has: (page) => page !== "job",
    }),
    [router],
  );
  const signIn = () => router.push(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  return (
    <Sluice baseUrl="/api/import" language="fr" places={places} realtime={realtime} onSignInNeeded={signIn}>
      {children}
    </Sluice>
  );
}
