import type { Metadata } from "next";
import { ImportHistory } from "sluice/react";

export const metadata: Metadata = { title: "Historique des imports" };

export default function HistoryPage() {
  return (
    <>
      <h1>Historique des imports</h1>
      <ImportHistory importer="leads" />
    </>
  );
}
