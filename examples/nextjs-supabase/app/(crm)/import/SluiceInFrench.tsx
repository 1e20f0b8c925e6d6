"use client";
/** The connection of Sluice's components to this app: its API, its language, its addresses and its sign-in. */
import { useRouter } from "next/navigation";
import { type ReactNode, useMemo } from "react";
import { type Place, type Places, Sluice } from "sluice/react";

function hrefOf(place: Place): string | null {
  if (place.page === "new") return "/import";
  if (place.page === "import") return `/import?id=${place.id}`;
  if (place.page === "history") return "/import/history";
  return place.page === "records" ? `/leads?import=${place.id}` : null;
}

export function SluiceInFrench({ children }: { children: ReactNode }) {
  const router = useRouter();
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
    <Sluice baseUrl="/api/import" language="fr" places={places} onSignInNeeded={signIn}>
      {children}
    </Sluice>
  );
}
