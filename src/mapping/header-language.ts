/**
 * Whose habits a file's header speaks of: where numbers have a decimal comma and days come first, as nearly everywhere on the continent
 * of Europe, or where months come first. English words tell neither: half of those who write them write days first.
 */
import { fold } from "../values/fold.ts";

const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));

/** Words of headers that are no English, folded: German, French, Swedish, Spanish, Italian, Dutch, Portuguese, Polish, Danish, Norwegian, Finnish, Czech, Hungarian. */
const continental = words(
  "betrag umsatz wahrung waehrung buchungstag buchung datum zweck verwendungszweck saldo soll haben belegdatum beleg strasse plz nachname vorname geburtsdatum kunde kundennummer preis menge anzahl rechnung rechnungsdatum empfanger empfaenger auftraggeber uhrzeit einzelpreis gesamt " +
    "montant solde libelle prenom nom naissance ville adresse telephone courriel quantite prix devise facture echeance heure " +
    "belopp fornamn efternamn fodelsedatum postnr ort telefon antal pris kund valuta bokforingsdag bokforingsdatum transaktionsdatum forfallodatum skapad namn " +
    "importe fecha nombre apellido apellidos ciudad precio cantidad cliente factura moneda importo cognome nome prezzo quantita fattura " +
    "bedrag naam achternaam voornaam plaats prijs aantal klant factuur boekdatum valor sobrenome cidade preco quantidade fatura moeda " +
    "kwota nazwa imie nazwisko miasto cena ilosc klient faktura belob belop fornavn etternavn efternavn dato antall kunde summa nimi etunimi sukunimi hinta maara asiakas paivamaara " +
    "castka jmeno prijmeni mnozstvi zakaznik osszeg nev mennyiseg vevo szamla",
);
/** Words that only headers of the United States have. */
const american = words("zip zipcode ssn ein");

export function headerHabit(headers: readonly string[]): "continental" | "american" | null {
  const found = headers.flatMap((header) => fold(header).split(" "));
  if (found.some((word) => continental.has(word))) return "continental";
  return found.some((word) => american.has(word)) ? "american" : null;
}
