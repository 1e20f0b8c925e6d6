import type { Metadata } from "next";
import { ImportHistory } from "sluice/react";
import { SluiceInFrench } from "../SluiceInFrench.tsx";

export const metadata: Metadata = { title: "Historique des imports" };

export default function HistoryPage() {
  return (
    <>
      <h1>Historique des imports</h1>
      <SluiceInFrench>
        <ImportHistory importer="leads" />
      </SluiceInFrench>
    </>
  );
}
