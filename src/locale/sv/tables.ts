/** What does not fit between an importer and its tables, in Swedish. */
export const tables = {
  'The database user may not use the schema {0}, which holds the table {1} of the importer "{2}". The schema\'s owner must grant it.':
    "Databasanvändaren får inte använda schemat {0}, där importslaget ”{2}” har sin tabell {1}. Schemats ägare måste ge behörighet.",
  '{0} does not accept new records: the importer "{1}" needs a table, or a view that Postgres can insert into.':
    "{0} tar inte emot nya poster: importslaget ”{1}” behöver en tabell, eller en vy som Postgres kan infoga i.",
  '{0}.{1} must not be null and has no default, but no field of the importer "{2}" feeds it. Add a field or a default.':
    "{0}.{1} får inte vara null och saknar standardvärde, och inget fält i importslaget ”{2}” fyller den. Lägg till ett fält eller ett standardvärde.",
  'The field "{0}" of the importer "{1}" is of kind {2}, which does not fit {3} of type {4}. Choose another kind, or another column.':
    "Fältet ”{0}” i importslaget ”{1}” är av typen {2}, som inte passar {3} av typen {4}. Välj en annan fälttyp eller en annan kolumn.",
  'Duplicates cannot be matched on "{0}" of the importer "{1}": {2}.{3} is {4}, which Postgres cannot compare with a field of kind {5}. Choose another kind, or another column.':
    "Dubbletter kan inte kännas igen på ”{0}” i importslaget ”{1}”: {2}.{3} är {4}, som Postgres inte jämför med ett fält av typen {5}. Välj en annan fälttyp eller en annan kolumn.",
  'The context value "{0}" of the importer "{1}" is of type {2}, and {3}.{4} is {5}. Set its `type`: text, uuid, bigint or integer.':
    "Kontextvärdet ”{0}” i importslaget ”{1}” är av typen {2}, och {3}.{4} är {5}. Ange dess `type`: text, uuid, bigint eller integer.",
  '`{0}` of the importer "{1}" writes {2}, and {3}.{4} is {5}. Name another column.':
    "`{0}` i importslaget ”{1}” skriver {2}, och {3}.{4} är {5}. Ange en annan kolumn.",
  'The database has no table {0}, where `{1}` of the importer "{2}" looks up values. Create it, or name another.':
    "Databasen har ingen tabell {0}, där `{1}` i importslaget ”{2}” slår upp värden. Skapa den, eller ange en annan.",
  'The table {0} has no column {1}, by which `{2}` of the importer "{3}" looks up values. Add it, or name another.':
    "Tabellen {0} har ingen kolumn {1}, som `{2}` i importslaget ”{3}” slår upp värden med. Lägg till den, eller ange en annan.",
  '`{0}` of the importer "{1}" stores {2}.{3} of type {4} in {5}.{6} of type {7}. Name an `id` of a matching type, or another column.':
    "`{0}` i importslaget ”{1}” lagrar {2}.{3} av typen {4} i {5}.{6} av typen {7}. Ange ett `id` som passar, eller en annan kolumn.",
  'The database has no table {0}, where `history` of the importer "{1}" records changes. Create it, or name another.':
    "Databasen har ingen tabell {0}, där `history` i importslaget ”{1}” sparar vad som händer med poster. Skapa den, eller ange en annan.",
  'The table {0} has no column {1}, which `history` of the importer "{2}" writes. Add it, or name another.':
    "Tabellen {0} har ingen kolumn {1}, som `history` i importslaget ”{2}” skriver. Lägg till den, eller ange en annan.",
  '`{0}` of the importer "{1}" names {2}.{3} of type {4}, which cannot hold the value. Name another column.':
    "`{0}` i importslaget ”{1}” anger {2}.{3} av typen {4}, som inte rymmer värdet. Ange en annan kolumn.",
  '{0}.{1} must not be null and has no default, but `history` of the importer "{2}" does not fill it. Add a default.':
    "{0}.{1} får inte vara null och saknar standardvärde, och `history` i importslaget ”{2}” fyller den inte. Lägg till ett standardvärde.",
  "{0}.{1} must not be null, but a new record has no earlier values. Allow it to be null.":
    "{0}.{1} får inte vara null, och en post som skapas har inga tidigare värden. Tillåt null.",
  'The database user {0} may not use the sequence {1}, which numbers new records of the importer "{2}". Run: grant usage on sequence {3} to {4}':
    "Databasanvändaren {0} får inte använda sekvensen {1}, som numrerar nya poster i importslaget ”{2}”. Kör: grant usage on sequence {3} to {4}",
  'The loader of the importer "{0}" cannot run: {1}. Correct what `load` returns.':
    "Importslaget ”{0}” har en egen laddning som inte kan köras: {1}. Rätta det som `load` returnerar.",
  'The validator of the field "{0}" of the importer "{1}" is asynchronous. Look up values with field.reference, or make it synchronous.':
    "Valideringen av fältet ”{0}” i importslaget ”{1}” är asynkron. Slå upp värden med field.reference, eller gör den synkron.",
  "The database user {0} may not use Sluice's own tables: {1}. Their owner must grant it.":
    "Databasanvändaren {0} får inte använda Sluices egna tabeller: {1}. Ägaren måste ge behörighet.",
  "`load` must return the text of a statement": "`load` måste returnera texten till en sats",
};
