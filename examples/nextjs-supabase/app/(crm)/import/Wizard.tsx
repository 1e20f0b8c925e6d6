"use client";
/** The wizard, with its import in the page's address: a reload or a colleague's link comes back to the same place. */
import { useSearchParams } from "next/navigation";
import { ImportWizard } from "sluice/react";

export function Wizard() {
  const id = Number(useSearchParams().get("id"));
  return (
    <ImportWizard
      importer="leads"
      importId={Number.isSafeInteger(id) && id > 0 ? id : null}
      onImportChange={(next) => history.pushState(null, "", next === null ? "/import" : `/import?id=${next}`)}
    />
  );
}
