/** Words that columns are called by, in the languages of the importers' people and their neighbours'. */

/** A word without case, accents, spaces and marks. */
function folded(text: string): string {
  return (
    text
      // Before they are sorted: Unicode's order of marks takes quadratic time over a run of them.
      .replaceAll(/\p{M}+/gu, "")
      .normalize("NFD")
      .replaceAll(/[^\p{L}\p{N}]+/gu, "")
      .toLowerCase()
  );
}

const usual = new Set(
  `id nr no number nummer numero num key code kod ref reference referens referenz
  name names nom namn fullname firstname lastname prenom fornamn efternamn vorname nachname surname title titre titel rubrik label
  libelle bezeichnung designation benamning beskrivning description comment commentaire kommentar note notes remark bemerkung
  email mail courriel epost phone telephone telefon tel mobile mobil portable fax website url web
  company firma firm societe entreprise foretag organisation organization client customer kund kunde contact kontakt
  address adresse adress adresse1 address1 street rue gata strasse zip zipcode postcode postalcode cp codepostal plz postnummer postnr
  city town ville ort stad stadt state region land pays country lan
  date datum day jour dag tag year annee ar jahr month mois manad monat time heure tid zeit created updated start end debut fin
  amount montant betrag belopp summa umsatz price prix preis pris cost cout kosten total sum qty quantity quantite menge antal
  balance solde saldo currency devise valuta wahrung vat tva moms mwst tax
  sku ean gtin isbn asin product produit produkt artikel article item vara category categorie kategori kategorie type typ brand marque
  marke color colour couleur farbe farg size taille grosse storlek unit unite einheit enhet weight poids gewicht vikt stock lager place
  account compte konto gegenkonto iban bic bank payee status statut state etat owner user utilisateur anvandare benutzer
  age sex gender sexe kon geschlecht birthday birthdate naissance geburtsdatum fodelsedatum language langue sprache sprak
  value valeur wert varde rate taux count nombre anzahl position rank rang score group groupe gruppe grupp department service abteilung
  lat lon latitude longitude`
    .split(/\s+/)
    .map(folded),
);

/** Whether a cell is such a word, or one of `names`: what the importer knows its columns by. */
export function knownWords(names: readonly string[] = []): (cell: string) => boolean {
  const own = new Set(names.map(folded));
  own.delete("");
  return (cell) => {
    const word = folded(cell);
    return own.has(word) || usual.has(word);
  };
}

/** How many of the cells are one of `names`, each once. */
export function countKnown(cells: readonly string[], names: readonly string[]): number {
  const own = new Set(names.map(folded));
  own.delete("");
  return new Set(cells.map(folded).filter((word) => own.has(word))).size;
}
