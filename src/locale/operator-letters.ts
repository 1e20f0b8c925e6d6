/** What those who run the server are told, in each language. `{name}` is a file's, a sink's or a webhook's. */
import type { AlertKind } from "../core/alert.ts";
import type { Language } from "../core/fields/language.ts";

type OtherKind = "import_failed" | "source_waits" | "source_failed";

export interface OperatorTexts {
  subject: Readonly<Record<AlertKind | OtherKind, string>>;
  lead: Readonly<Record<AlertKind | OtherKind, string>>;
  facts: Readonly<Record<"source" | "import" | "importer" | "startedBy" | "madeBy" | "fresh" | "count", string>>;
  openImport: string;
  openSources: string;
  openQueue: string;
  why: string;
}

export const operatorTexts: Readonly<Record<Language, OperatorTexts>> = {
  en: {
    subject: {
      import_failed: "Import failed: {name}",
      source_waits: "A fetched file needs a decision: {name}",
      source_failed: "Files cannot be fetched from {name}",
      dead_letters: "Messages given up: {name}",
      stuck_sink: "Stuck: {name}",
      webhook_off: "Turned off: {name}",
    },
    lead: {
      import_failed:
        "The import has failed for good. Once the cause is fixed, it can be retried from its last checkpoint.",
      source_waits:
        "It will not be imported until someone has looked at it. Other files from the source may be waiting behind it.",
      source_failed:
        "The source could not be read. If it is only unreachable, it is tried again; otherwise it stays stopped until someone runs it again.",
      dead_letters:
        "They failed too often and are no longer retried. They are kept for a month: once the cause is fixed, send them again from the queue.",
      stuck_sink: "It has not accepted anything for a while. Everything that is waiting for it is kept.",
      webhook_off: "Its address answers that it no longer exists (410), so nothing more is sent to it.",
    },
    facts: {
      source: "Source",
      import: "Import",
      importer: "Importer",
      startedBy: "Started by",
      madeBy: "Set up by",
      fresh: "New",
      count: "In total",
    },
    openImport: "Open the import",
    openSources: "Open the sources",
    openQueue: "Open the queue",
    why: "You receive this as the operator of this Sluice server (SLUICE_OPERATOR_MAIL).",
  },
  fr: {
    subject: {
      import_failed: "Échec de l’import : {name}",
      source_waits: "Un fichier récupéré attend une décision : {name}",
      source_failed: "Récupération impossible depuis {name}",
      dead_letters: "Messages abandonnés : {name}",
      stuck_sink: "Bloqué : {name}",
      webhook_off: "Désactivé : {name}",
    },
    lead: {
      import_failed:
        "L’import a définitivement échoué. Une fois la cause réglée, il peut reprendre à son dernier point de contrôle.",
      source_waits:
        "Il n’est pas importé tant que personne ne l’a examiné. D’autres fichiers de la source attendent peut-être derrière lui.",
      source_failed:
        "Son emplacement n’a pas pu être lu. S’il est seulement injoignable, de nouveaux essais ont lieu ; sinon la source reste arrêtée jusqu’à ce que quelqu’un la relance.",
      dead_letters:
        "Ils ont échoué trop souvent et ne sont plus envoyés. Ils sont conservés un mois : une fois la cause réglée, relancez-les depuis la file d’attente.",
      stuck_sink: "Plus rien n’y est accepté depuis un moment. Ce qui attend d’y être envoyé est conservé.",
      webhook_off: "Son adresse a répondu qu’elle n’existe plus (410) : plus rien ne lui est envoyé.",
    },
    facts: {
      source: "Source",
      import: "Import",
      importer: "Type d’import",
      startedBy: "Lancé par",
      madeBy: "Créée par",
      fresh: "Nouveaux",
      count: "Au total",
    },
    openImport: "Ouvrir l’import",
    openSources: "Ouvrir les sources",
    openQueue: "Ouvrir la file d’attente",
    why: "Vous recevez ce message en tant qu’exploitant de ce serveur Sluice (SLUICE_OPERATOR_MAIL).",
  },
  sv: {
    subject: {
      import_failed: "Importen misslyckades: {name}",
      source_waits: "En hämtad fil väntar på beslut: {name}",
      source_failed: "Filer kan inte hämtas från {name}",
      dead_letters: "Uppgivna meddelanden till {name}",
      stuck_sink: "Har fastnat: {name}",
      webhook_off: "Avstängd: {name}",
    },
    lead: {
      import_failed:
        "Importen har misslyckats helt. När orsaken är åtgärdad kan den fortsätta från sin senaste kontrollpunkt.",
      source_waits: "Den importeras inte förrän någon har tittat på den. Andra filer från källan kan vänta bakom den.",
      source_failed:
        "Platsen kunde inte läsas. Om den bara är onåbar görs nya försök; annars står källan stilla tills någon kör den igen.",
      dead_letters:
        "De har misslyckats för många gånger och skickas inte längre. De sparas i en månad: skicka dem igen från kön när orsaken är åtgärdad.",
      stuck_sink: "Den har inte tagit emot något på ett tag. Det som väntar på den sparas.",
      webhook_off: "Adressen svarade att den inte finns längre (410), så inget mer skickas dit.",
    },
    facts: {
      source: "Källa",
      import: "Import",
      importer: "Importslag",
      startedBy: "Startad av",
      madeBy: "Upplagd av",
      fresh: "Nya",
      count: "Totalt",
    },
    openImport: "Öppna importen",
    openSources: "Öppna källorna",
    openQueue: "Öppna kön",
    why: "Du får det här mejlet som driftansvarig för den här Sluice-servern (SLUICE_OPERATOR_MAIL).",
  },
};
