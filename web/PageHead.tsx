/** The head of the page: where one can go, in which language, in which light, and as whom. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import type { ApiLanguage } from "../src/client/index.ts";
import { useFrame } from "../src/react/foundation/Frame.tsx";
import { languageNames } from "../src/react/foundation/language-names.ts";
import { type Theme, useSluice } from "../src/react/foundation/Sluice.tsx";
import { useTexts } from "../src/react/foundation/texts.ts";
import { Button } from "../src/react/parts/Button.tsx";
import { PlaceLink } from "../src/react/parts/PlaceLink.tsx";

export interface PageHeadProps {
  language: ApiLanguage;
  onLanguage: (language: ApiLanguage) => void;
  theme: Theme;
  onTheme: (theme: Theme) => void;
}

export function PageHead({ language, onLanguage, theme, onTheme }: PageHeadProps): ReactNode {
  const t = useTexts("page");
  const { client, server } = useSluice();
  const frame = useFrame();
  const [address] = useLocation();
  const who = useQuery({ queryKey: ["me"], queryFn: ({ signal }) => client.me({ signal }) });
  const me = who.data;
  // All at once, so that the name of who is there pushes nothing aside; a server that is away keeps nothing back.
  const isComing = who.isPending && who.failureCount === 0;
  const inHistory = address.startsWith("/import/history");
  const inNotifications = address.startsWith("/import/notifications");
  const inSources = address.startsWith("/import/sources");
  const signOut = async (): Promise<void> => {
    await client.signOut();
    server.left();
  };
  return (
    <header className="page-head">
      <button
        type="button"
        className="skip"
        // No link: what it points to stands in a shadow root, which an address does not reach.
        onClick={() => frame?.getElementById("content")?.focus()}
      >
        {t("skip")}
      </button>
      <span className="page-name">
        <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
          <path d="M5 11c3.5 0 3.5 3 7 3s3.500-3 7-3 3.500 3 7 3M5 18c3.500 0 3.500 3 7 3s3.500-3 7-3 3.500 3 7 3" />
        </svg>
        Sluice
      </span>
      <nav className="row page-nav">
        <span aria-current={inHistory || inNotifications || inSources ? undefined : "page"}>
          <PlaceLink to={{ page: "new" }}>{t("newImport")}</PlaceLink>
        </span>
        <span aria-current={inHistory ? "page" : undefined}>
          <PlaceLink to={{ page: "history" }}>{t("history")}</PlaceLink>
        </span>
        <span aria-current={inNotifications ? "page" : undefined}>
          <PlaceLink to={{ page: "notifications" }}>{t("notifications")}</PlaceLink>
        </span>
        {me !== undefined && me.role !== "user" && (
          <span aria-current={inSources ? "page" : undefined}>
            <PlaceLink to={{ page: "sources" }}>{t("sources")}</PlaceLink>
          </span>
        )}
      </nav>
      <div className="row push" style={isComing ? { visibility: "hidden" } : undefined}>
        <select
          className="select small-control"
          aria-label={t("language")}
          value={language}
          onChange={(event) => onLanguage(event.target.value as ApiLanguage)}
        >
          {languageNames.map(([value, name]) => (
            <option key={value} value={value} lang={value}>
              {name}
            </option>
          ))}
        </select>
        <select
          className="select small-control"
          aria-label={t("theme")}
          value={theme}
          onChange={(event) => onTheme(event.target.value as Theme)}
        >
          {(["auto", "light", "dark"] as const).map((each) => (
            <option key={each} value={each}>
              {t(each)}
            </option>
          ))}
        </select>
        {me !== undefined && (
          <span className="row page-me">
            <span className="muted small">{me.name}</span>
            <Button size="small" look="quiet" onClick={() => void signOut()}>
              {t("signOut")}
            </Button>
          </span>
        )}
      </div>
    </header>
  );
}
