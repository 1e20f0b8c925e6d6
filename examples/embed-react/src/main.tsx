/** The page's beginning: asks its own server who is signed in, then renders, or takes over what a server rendered. */
import { StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { App } from "./App.tsx";
import "./page.css";

const { baseUrl, token } = (await (await fetch("/session.json")).json()) as { baseUrl: string; token?: string };
const page = (
  <StrictMode>
    <App baseUrl={baseUrl} token={token} />
  </StrictMode>
);
const place = document.getElementById("app") as HTMLElement;
if (place.hasChildNodes()) hydrateRoot(place, page);
else createRoot(place).render(page);
