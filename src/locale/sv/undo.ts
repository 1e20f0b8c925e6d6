/** Why an import cannot be undone, in Swedish. */
export const undo = {
  "Import {0} cannot be undone: it was a dry run and wrote nothing.":
    "Import {0} kan inte ångras: den är en provkörning, som inte har skrivit något.",
  'Import {0} cannot be undone: it wrote a record "{1}", which the importer "{2}" no longer has. Restore the importer to undo it.':
    "Import {0} kan inte ångras: den skrev poster av slaget ”{1}”, som importslaget ”{2}” inte längre har. Ångra den med importslaget som det var.",
  'Import {0} cannot be undone: it wrote to {1}, but the importer "{2}" now writes to {3}. Restore the importer to undo it.':
    "Import {0} kan inte ångras: den skrev till {1}, och importslaget ”{2}” skriver nu till {3}. Ångra den med importslaget som det var.",
  "Import {0} cannot be undone: {1} is a view or a foreign table, whose records do not show who has changed them. Delete what the import created by hand.":
    "Import {0} kan inte ångras: {1} är en vy eller en främmande tabell, vars poster inte visar vem som har ändrat dem. Ta bort det som importen skapade för hand.",
  "Import {0} cannot be undone: Citus keeps the records of {1} on several machines, and they do not show who has changed them. Delete what the import created by hand.":
    "Import {0} kan inte ångras: Citus har posterna i {1} på flera maskiner, och de visar inte vem som har ändrat dem. Ta bort det som importen skapade för hand.",
  "Import {0} cannot be undone: {1}.{2} has no primary key or unique index, so one id may identify several records. Add one: create unique index on {3} ({4})":
    "Import {0} kan inte ångras: {1}.{2} har varken primärnyckel eller unikt index, så att ett id kan stå för flera poster. Lägg till ett: create unique index on {3} ({4})",
  'Import {0} cannot be undone: the custom loader of the importer "{1}" returned no record_id for {2} of {3} created {3:record|records}. To undo future imports, return one for each record.':
    "Import {0} kan inte ångras: importslaget ”{1}” skriver med en egen fråga, som inte returnerade något record_id för {2} av {3} skapade poster. Låt den returnera ett för varje, för kommande importer.",
  'Import {0} cannot be undone: the custom loader of the importer "{1}" updated {2} {2:record|records} without keeping their earlier values.':
    "Import {0} kan inte ångras: importslaget ”{1}” skriver med en egen fråga, och den uppdaterade {2} poster vars tidigare värden ingen har sparat.",
  "Import {0} cannot be undone: an earlier version of Sluice made it, and did not keep what tells edited records from untouched ones.":
    "Import {0} kan inte ångras: den gjordes av en tidigare version av Sluice, som inte sparade det som skiljer ändrade poster från andra.",
  "The database user {0} may not {1} on {2}, which undoing import {3} needs. Run: grant {4} on {5} to {6}":
    "Databasanvändaren {0} saknar rätten {1} på {2}, som behövs för att ångra import {3}. Kör: grant {4} on {5} to {6}",
  "The table {0} refers to {1}, but the database user {2} may not read it, so there is no telling which records are in use. Run: grant select on {3} to {4}":
    "Tabellen {0} pekar på {1}, och databasanvändaren {2} får inte läsa den, så det går inte att veta vilka poster som används. Kör: grant select on {3} to {4}",
  "The table {0} refers to {1}, but row-level security hides some of its rows from the database user {2}, so there is no telling which records are in use. Undo as a user who can see all of them.":
    "Tabellen {0} pekar på {1}, och säkerhet på radnivå döljer några av dess rader för databasanvändaren {2}, så det går inte att veta vilka poster som används. Ångra med en användare som ser alla.",
  "Several records have this id.": "Flera poster har detta id.",
  "Another record has its id by now.": "En annan post har dess id nu.",
  "A newer version of it stays.": "En nyare version av den finns kvar.",
};
