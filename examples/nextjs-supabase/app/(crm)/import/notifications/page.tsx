import type { Metadata } from "next";
import { MailForm } from "./MailForm.tsx";

export const metadata: Metadata = { title: "Notifications d’import" };

export default function NotificationsPage() {
  return (
    <>
      <h1>Notifications d’import</h1>
      <MailForm />
    </>
  );
}
