import type { Metadata } from "next";
import { Wizard } from "./Wizard.tsx";

export const metadata: Metadata = { title: "Importer des prospects" };

export default function ImportPage() {
  return (
    <>
      <h1>Importer des prospects</h1>
      <Wizard />
    </>
  );
}
