/** Statuses of an import, in Swedish. */
import type { Texts } from "../texts.ts";

export const status: Texts["status"] = {
  pending: "Under förberedelse",
  queued: "Väntar",
  parsing: "Kontrolleras",
  ready: "Att granska",
  committing: "Importeras",
  completed: "Importerad",
  undoing: "Ångras",
  undone: "Ångrad",
  paused: "Pausad",
  cancelled: "Avbruten",
  failed: "Misslyckad",
};
