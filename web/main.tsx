/** The page that `sluice serve` shows: the wizard and the history, each place with an address. */
import { createRoot } from "react-dom/client";
import { Page } from "./Page.tsx";

createRoot(document.getElementById("page") as HTMLElement).render(<Page />);
