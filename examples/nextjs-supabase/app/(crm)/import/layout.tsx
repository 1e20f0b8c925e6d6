/** What all pages about imports share: the connection to this app's API, and to the project's Realtime. */
import type { ReactNode } from "react";
import { supabaseProject } from "@/lib/supabase.ts";
import { SluiceInFrench } from "./SluiceInFrench.tsx";

export default function ImportLayout({ children }: { children: ReactNode }) {
  return <SluiceInFrench project={supabaseProject()}>{children}</SluiceInFrench>;
}
