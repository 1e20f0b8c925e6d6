/** Statuses of an import, in French. */
import type { Texts } from "../texts.ts";

export const status: Texts["status"] = {
  pending: "À préparer",
  queued: "En attente",
  parsing: "Analyse en cours",
  ready: "À vérifier",
  committing: "Import en cours",
  completed: "Importé",
  undoing: "Annulation en cours",
  undone: "Annulé",
  paused: "En pause",
  cancelled: "Interrompu",
  failed: "Échec",
};
