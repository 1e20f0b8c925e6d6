/** What does not fit between an importer and its tables, in Swedish. */
export const tables = {
  'The database user may not use the schema {0}, which holds the table {1} of the importer "{2}". The schema\'s owner must grant it.':
    "Databasanvändaren får inte använda schemat {0}, där importslaget ”{2}” har sin tabell {1}. Schemats ägare måste ge behörighet.",
  "{0} has the rule {1} on new records, with which Postgres accepts no statement of an import. Make it a trigger.":
    "{0} har regeln {1} för nya poster, och med den godtar Postgres ingen sats från en import. Gör den till en trigger.",
  "{0} is partitioned and has no partition, so that no record can go in. Create one.":
    "{0} är partitionerad men saknar partitioner, så inga poster kan läggas in. Skapa en.",
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
  'Importer "{0}": {1} failed: {2}. Correct its query.': "Importtypen ”{0}”: {1} misslyckades: {2}. Rätta frågan.",
  "`find` must return the text of a query": "`find` ska returnera texten till en fråga",
  "An importer's own SQL contains \"{0}\". It runs in Sluice's transaction, which commits its records together with their counts: remove it.":
    "Importslagets egen SQL innehåller ”{0}”. Den körs i Sluices transaktion, som sparar posterna tillsammans med deras antal: ta bort den satsen.",
  'The loader of the importer "{0}" cannot run: {1}. Correct what `load` returns.':
    "Importslaget ”{0}” har en egen laddning som inte kan köras: {1}. Rätta det som `load` returnerar.",
  'The validator of the field "{0}" of the importer "{1}" is asynchronous. Look up values with field.reference, or make it synchronous.':
    "Valideringen av fältet ”{0}” i importslaget ”{1}” är asynkron. Slå upp värden med field.reference, eller gör den synkron.",
  "The database user {0} may not use Sluice's own tables: {1}. Their owner must grant it.":
    "Databasanvändaren {0} får inte använda Sluices egna tabeller: {1}. Ägaren måste ge behörighet.",
  "`load` must return the text of a statement, or run its statements and return nothing":
    "`load` måste returnera texten till en sats, eller köra sina satser och inte returnera något",
  'Every row is in, but the `finish` of the importer "{0}" failed: {1}. Correct it, then retry the import.':
    "Alla rader är inne, men `finish` i importören ”{0}” misslyckades: {1}. Rätta det och försök sedan igen med importen.",
  'The table {0} has no column {1}, the id of the record "{2}" of the importer "{3}". Set the record\'s `id` to the primary key, or to null if the key has several columns.':
    "Tabellen {0} har ingen kolumn {1}, som är id för posten ”{2}” i importslaget ”{3}”. Ange primärnyckeln som postens `id`, eller null om den har flera kolumner.",
  'The table {0} has no column {1}, which the record "{2}" of the importer "{3}" fills. Add it, or name another column in the record.':
    "Tabellen {0} har ingen kolumn {1}, som posten ”{2}” i importslaget ”{3}” fyller. Lägg till den, eller ange en annan kolumn i posten.",
  'The record "{0}" of the importer "{1}" stores {2} in {3}.{4} of type {5}, which cannot hold it. Name another column.':
    "Posten ”{0}” i importslaget ”{1}” sparar {2} i {3}.{4} av typen {5}, som inte rymmer det. Ange en annan kolumn.",
  '`others` of the record "{0}" of the importer "{1}" needs a table of this database, and {2} is a view, a foreign table or spread over several machines. Omit `others`.':
    "`others` för posten ”{0}” i importören ”{1}” kräver en tabell i den här databasen, men {2} är en vy, en främmande tabell eller spridd över flera maskiner. Ta bort `others`.",
  '`versions` of the record "{0}" of the importer "{1}" needs columns of type timestamptz, and {2}.{3} is {4}. Change its type, or name another column.':
    "`versions` för posten ”{0}” i importslaget ”{1}” kräver kolumner av typen timestamptz, och {2}.{3} är {4}. Ändra typen, eller ange en annan kolumn.",
  '{0}.{1} must not be null, but the current version of the record "{2}" of the importer "{3}" has no end. Allow it to be null.':
    "{0}.{1} får inte vara null, men den aktuella versionen av posten ”{2}” i importslaget ”{3}” har inget slut. Tillåt null.",
  'The record "{0}" of the importer "{1}" stores its parent\'s id of type {2} in {3}.{4} of type {5}, which cannot hold it. Name another column.':
    "Posten ”{0}” i importslaget ”{1}” sparar sin förälders id av typen {2} i {3}.{4} av typen {5}, som inte rymmer det. Ange en annan kolumn.",
  '{0}.{1} must not be null, but the first step of a path of the record "{2}" of the importer "{3}" has no parent. Allow it to be null.':
    "{0}.{1} får inte vara null, men första steget i en sökväg för posten ”{2}” i importslaget ”{3}” har ingen förälder. Tillåt null.",
  'The database has no table {0}, which links the record "{1}" of the importer "{2}" to "{3}". Create it, or name another.':
    "Databasen har ingen tabell {0}, som länkar posten ”{1}” i importslaget ”{2}” till ”{3}”. Skapa den, eller ange en annan.",
  'The field "{0}" of the importer "{1}" holds ids of {2}, and in the record "{3}" nothing tests whose they are. Look them up with field.reference, or set shared: true if they are everybody\'s.':
    "Fältet ”{0}” i importslaget ”{1}” innehåller id:n från {2}, och i posten ”{3}” kontrolleras inte vems de är. Slå upp dem med field.reference, eller ange shared: true om de är allas.",
  '{0}.{1} must not be null and has no default, but no field of the importer "{2}" feeds it. Add a field or a default, say it in `target.set` (`now()`, `onCreate(() => …)`), or, where the database fills it, in `target.filledByDatabase`.':
    "{0}.{1} får inte vara null och har inget standardvärde, men inget fält i importslaget ”{2}” fyller den. Lägg till ett fält eller ett standardvärde, ange den i `target.set` (`now()`, `onCreate(() => …)`) eller, om databasen fyller den, i `target.filledByDatabase`.",
  '{0}.{1} must not be null and has no default, but the record "{2}" of the importer "{3}" does not fill it. Say it in the record\'s `set`, or, where the database fills it, in its `filledByDatabase`.':
    "{0}.{1} får inte vara null och har inget standardvärde, men posten ”{2}” i importslaget ”{3}” fyller den inte. Ange den i postens `set` eller, om databasen fyller den, i dess `filledByDatabase`.",
  '{0}.{1} is generated by the database, but `target.set` of the importer "{2}" would fill it. Remove it there.':
    "{0}.{1} genereras av databasen, men `target.set` i importslaget ”{2}” skulle fylla den. Ta bort den där.",
};
