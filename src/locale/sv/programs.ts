/** What programs are told that import in one request, in Swedish. */
export const programs = {
  "The request has no form with a file.": "Begäran har inget formulär med en fil.",
  "{0} things are wrong with the request; the list has each of them.":
    "Det är {0} fel i begäran; listan tar upp vart och ett.",
  'There is no option "{0}". The options are: {1}.': "Det finns inget val ”{0}”. Valen är: {1}.",
  'The option "{0}" cannot be read: {1}.': "Valet ”{0}” går inte att läsa: {1}.",
  "No column feeds “{0}”. The columns of the file are: {1}.":
    "Ingen kolumn ger värden till ”{0}”. Filens kolumner är: {1}.",
  "No columns feed: {0}. The columns of the file are: {1}.":
    "Ingen kolumn ger värden till: {0}. Filens kolumner är: {1}.",
  "“{0}” ({1})": "”{0}” ({1})",
  "Some columns need a decision: {0}. Say in the mapping what they are, or accept the suggestions.":
    "Några kolumner kräver ett beslut: {0}. Ange i kolumnkopplingen vad de är, eller godta förslagen.",
  "The column “{0}” feeds “{1}” as a guess ({2}). Say in the mapping what it is, or accept the suggestion.":
    "Kolumnen ”{0}” är kopplad till ”{1}” på en gissning ({2}). Ange i kolumnkopplingen vad den är, eller godta förslaget.",
  "{0} has more than {1} rows, the limit for an import that is answered with its results. Split the file.":
    "{0} har fler än {1} rader, gränsen för en import som besvaras med sitt resultat. Dela upp filen.",
  "{0} was accepted as import {1}.": "{0} togs emot som import {1}.",
  "Import {0}: {1} of {2} {2:row is|rows are} in.": "Import {0}: {1} av {2} {2:rad|rader} är inne.",
  "Import {0} was stopped before its end.": "Import {0} stoppades före slutet.",
  "Import {0} is {1}.": "Import {0} har statusen ”{1}”.",
  "{0} things are wrong with the request; the list has the first {1}.":
    "Det är {0} fel i begäran; listan tar upp de {1} första.",
  "The body is not JSON: {0}.": "Begärans innehåll är inte JSON: {0}.",
  "The body must be a JSON object.": "Begärans innehåll måste vara ett JSON-objekt.",
  "“{0}” is missing.": "”{0}” saknas.",
  "“{0}” is not known. Known are: {1}.": "”{0}” är okänt. Kända är: {1}.",
  "“{0}” has the wrong type or value.": "”{0}” har fel typ eller värde.",
};
