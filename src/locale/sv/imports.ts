/** The life of an import, in Swedish: what cannot be done with it now, and why it is paused, failed or retried. */
export const imports = {
  "{0} of your imports are neither running nor finished, which is the limit. Finish, cancel or delete one of them first.":
    "{0} av dina importer är varken i gång eller klara, vilket är högsta tillåtna antal. Slutför, avbryt eller ta bort en av dem först.",
  'Import {0}: code of the importer "{1}" does not come to an end on row {2}, and was stopped. Simplify it, or change the row, then try again.':
    "Import {0}: kod i importslaget ”{1}” blir aldrig klar med rad {2} och avbröts. Förenkla den, eller ändra raden, och försök igen.",
  "Import {0}: a request may take {1} s here, which is not enough to get past row {2} of {3}. Unpack the file or split it, let requests take longer, or have a worker that runs all the time continue.":
    "Import {0}: en begäran får ta {1} s här, och det räcker inte för att komma förbi rad {2} i {3}. Packa upp eller dela filen, tillåt längre begäranden eller låt en server som alltid är igång fortsätta.",
  "Import {0}: a request may take {1} s here, which is not enough for its next step. Split the file, let requests take longer, or have a worker that runs all the time continue.":
    "Import {0}: en begäran får ta {1} s här, och det räcker inte för nästa steg. Dela filen, tillåt längre begäranden eller låt en server som alltid är igång fortsätta.",
  'Import {0}: a cell in row {1} or later kept a worker busy for more than {2} s, so it was stopped. A pattern or validator of the importer "{3}" takes too long on it: simplify that, or shorten the cell, then try again.':
    "Import {0}: en cell på rad {1} eller senare höll en arbetare upptagen i mer än {2} s, så läsningen stoppades. Ett mönster eller en validerare i importslaget ”{3}” är för långsamt på cellen: förenkla det, eller korta cellen, och försök igen.",
  // As the page calls them, within quotes.
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

  "There is no import {0}, or it is not yours.": "Import {0} finns inte, eller är inte din.",
  "There is no import {0}.": "Import {0} finns inte.",
  "Import {0} is {1} and cannot {2}. {3}": "Import {0} har statusen ”{1}” och kan inte {2}. {3}",
  "be paused": "pausas",
  "be cancelled": "avbrytas",
  "be reopened": "öppnas igen",
  "become {0}": "få statusen ”{0}”",
  "be undone": "ångras",
  "be committed": "importeras",
  "be started": "startas",
  "be retried": "köras igen",
  "be resumed": "återupptas",
  "Start it, or cancel it.": "Starta eller avbryt den.",
  "It is waiting for a worker: pause or cancel it to stop that.":
    "Den väntar på sin tur: pausa eller avbryt den om du inte vill det.",
  "A worker is processing it: pause or cancel it to stop that.":
    "Den bearbetas just nu: pausa eller avbryt den om du inte vill det.",
  "A worker is processing it: pause it to stop that.": "Den bearbetas just nu: pausa den om du inte vill det.",
  "Commit it, change it, or cancel it.": "Importera, ändra eller avbryt den.",
  "It can be undone.": "Den kan ångras.",
  "Nothing is left of it: import the file again if you need it.":
    "Inget finns kvar av den: importera filen igen om du vill ha den.",
  "Resume it, or cancel it.": "Återuppta eller avbryt den.",
  "Undo it if any rows were imported, or import the file again.":
    "Ångra den om något hann skrivas, eller importera filen igen.",
  "Retry it, or cancel it.": "Kör den igen eller avbryt den.",

  'It is waiting for a worker that has the importer "{0}". Start one whose sluice.config.ts lists it, or cancel the import.':
    "Den väntar på en arbetare som har importslaget ”{0}”. Starta en vars sluice.config.ts innehåller den, eller avbryt importen.",
  'It is waiting for a worker whose importer "{0}" has the fields: {1}. If they were removed, pause the import, reopen it and map its columns again.':
    "Den väntar på en arbetare vars importslag ”{0}” har fälten: {1}. Om de har tagits bort: pausa importen, öppna den igen och välj kolumner på nytt.",
  'It is waiting for a worker whose importer "{0}" has the context values: {1}. If they have changed since, cancel the import and import its file again.':
    "Den väntar på en arbetare vars importslag ”{0}” har kontextvärdena: {1}. Om de har ändrats sedan dess: avbryt importen och importera filen igen.",
  'It is waiting for a worker whose importer "{0}" offers the mode "{1}". If it is no longer offered, pause the import, reopen it and choose another mode.':
    "Den väntar på en arbetare vars importslag ”{0}” erbjuder läget ”{1}”. Om det inte längre erbjuds: pausa importen, öppna den igen och välj ett annat läge.",
  'It is waiting for a worker whose importer "{0}" assigns records to owners (`assign`). If it no longer does, pause the import, reopen it and choose no owner.':
    "Den väntar på en arbetare vars importslag ”{0}” tilldelar posterna ansvariga (`assign`). Om det inte längre gör det: pausa importen, öppna den igen och välj ingen ansvarig.",
  'Import {0} was created with these context values: {1}. The importer "{2}" now has: {3}. Upload the file again, or restore the importer.':
    "Import {0} skapades med dessa kontextvärden: {1}. Importslaget ”{2}” har nu: {3}. Importera filen igen, eller återställ importslaget som det var.",
  "Import {0} already has the same file in that context.": "Import {0} har redan samma fil i den kontexten.",
  "Import {0} is {1}; only a pending one can be started.":
    "Import {0} har statusen ”{1}”; bara en import under förberedelse kan startas.",
  "Import {0} is {1}; only an import that is {2} can be deleted. Cancel it first.":
    "Import {0} har statusen ”{1}”; en import som tas bort måste ha någon av dessa: {2}. Avbryt den först.",
  "The same file was uploaded for import {0} a moment ago.": "Samma fil laddades nyss upp för import {0}.",
  "The same file was already uploaded for import {0} ({1}, {2}).":
    "Samma fil har redan laddats upp för import {0} ({1}, {2}).",
  "{0} of your imports are already waiting for a worker, which is the limit. Import {1} stays as it is: start it once one of them has begun, or cancel one.":
    "{0} av dina importer väntar redan på sin tur, och fler får inte vänta. Import {1} förblir som den är: starta den när någon av dem har börjat, eller avbryt en.",
  "Import {0} was taken over by another worker, or stopped, while this worker was still reading. This worker stops.":
    "Import {0} togs över av en annan arbetare, eller stoppades, medan den här läste vidare. Den här slutar.",
  "Import {0} is a dry run and cannot be committed.": "Import {0} är en provkörning; den skrivs aldrig.",
  "Import {0} was made before Sluice by another importer: it can be looked at and deleted, and nothing else.":
    "Import {0} gjordes före Sluice av ett annat verktyg: den kan visas och tas bort, inget annat.",
  "Import {0} is {1}; a dry run is only possible once it is ready.":
    "Import {0} har statusen ”{1}”; det går bara att räkna när den är redo att granska.",
  "Import {0} has written records and is kept so that they can be traced.":
    "Import {0} har skrivit poster; den sparas, så att de går att spåra.",

  "Import {0} is already pending: its mapping and options can be changed.":
    "Import {0} är redan under förberedelse: kolumner och inställningar kan ändras.",
  "Import {0} is {1} in the middle of its undo. Resume the undo.":
    "Import {0} har statusen ”{1}” mitt under ångrandet. Återuppta det.",
  "Import {0} is {1} and cannot be reopened. Pause it first.":
    "Import {0} har statusen ”{1}”: inställningarna kan inte öppnas igen. Pausa den först.",
  "Import {0} is {1} and cannot be reopened. Upload the file again as a new import.":
    "Import {0} har statusen ”{1}”: inställningarna kan inte öppnas igen. Ladda upp filen igen, som en ny import.",
  "Import {0} has already committed rows, so its mapping can no longer change. Cancel it, undo it, and upload the file again.":
    "Import {0} har redan skrivit rader, så kolumnerna ändras inte mer. Avbryt den, ångra den och ladda upp filen igen.",
  "A worker is still committing a chunk of import {0} that it began before it was stopped. Try again in a moment.":
    "En arbetare håller ännu på med de sista raderna i import {0}, som påbörjades innan den stoppades. Försök igen om en stund.",

  stopped: "Stoppad.",
  "stopped by the user": "Stoppad av användaren.",
  "paused by {0}": "Pausad av {0}.",
  "The database user lacks a right that every row needs: {0}. Grant it, then resume the import.":
    "Databasanvändaren saknar en rättighet som varje rad kräver: {0}. Bevilja den och återuppta sedan importen.",
  "{0} rejects every row: {1}. Correct the table or its triggers, then resume the import.":
    "Ingen rad kan läggas in i {0}: {1}. Rätta tabellen eller dess triggrar och återuppta sedan importen.",
  "The commit would stop at rows that the database rejects: {0}. Correct the table, or change the import's options.":
    "Importen skulle stanna vid rader som databasen nekar: {0}. Rätta tabellen, eller ändra importens alternativ.",
  "The database rejects more than 100 rows of one chunk: {0}":
    "Databasen nekar fler än 100 rader i ett och samma radintervall: {0}",
  "The database rejects more than 100 rows of one chunk: {0}. {1}":
    "Databasen nekar fler än 100 rader i ett och samma radintervall: {0}. {1}",
  "The index {0} does not allow two records with the same {1}. Match on {2} instead, so that such rows count as duplicates.":
    "Indexet {0} tillåter inte två poster med samma {1}: matcha på {2} i stället, så blir raderna dubbletter.",
  "The database refuses to undo more than 100 records in one range of rows: {0}":
    "Databasen nekar att ångra fler än 100 poster i ett och samma radintervall: {0}",
  "The connection to the database was lost and could not be restored. Import {0} will resume from its checkpoint.":
    "Anslutningen till databasen bröts och kunde inte återupprättas. Import {0} återupptas från sin kontrollpunkt.",
  "Import {0}: the worker died {1} times while reading from row {2} on.":
    "Import {0}: läsningen dog {1} gånger från rad {2} och framåt.",
  "Import {0}: the worker died five times on rows {1} to {2}. Check those rows and the database's log, then resume the import.":
    "Import {0}: arbetaren dog fem gånger på raderna {1} till {2}. Se på raderna och i databasens logg, och återuppta sedan importen.",
  "Import {0}: the worker died five times while undoing rows {1} to {2}. Check the database's log, then resume the undo.":
    "Import {0}: arbetaren dog fem gånger medan den ångrade raderna {1} till {2}. Se i databasens logg och återuppta sedan ångrandet.",
  'The loader of the importer "{0}" got {1} {1:row|rows} but reported on {2}. It must return row_no and outcome (created, updated, unchanged or skipped) for each row.':
    "Laddaren för importslaget ”{0}” fick {1} {1:rad|rader} och redovisade {2}. Den måste returnera row_no och outcome (created, updated, unchanged eller skipped) för varje rad.",
  "A sheet can have at most {0} columns. Download the report as CSV.":
    "Ett blad har högst {0} kolumner. Ta rapporten som CSV.",
  "The workbook would be larger than 4 GiB. Download the report as CSV.":
    "Arbetsboken skulle bli större än 4 GiB. Ta rapporten som CSV.",
  'The `session` of the importer "{0}" failed: {1}': "Funktionen `session` i importslaget ”{0}” misslyckades: {1}",
  'The `session` of the importer "{0}" must return settings at once, such as { "app.tenant": run.context.tenant_id }.':
    'Funktionen `session` i importslaget ”{0}” måste returnera inställningar direkt, till exempel { "app.tenant": run.context.tenant_id }.',
  'The `session` of the importer "{0}" has no name of a role for "role": return { role: "authenticated" }, or leave it out.':
    'Funktionen `session` i importslaget ”{0}” ger inget rollnamn för ”role”: returnera { role: "authenticated" }, eller utelämna det.',
  'The `session` of the importer "{0}" asks for the role "{1}", which the database does not have. Create it, or name another.':
    "Funktionen `session` i importslaget ”{0}” begär rollen ”{1}”, som inte finns i databasen. Skapa den, eller ange en annan.",
  'The database user may not act as the role "{0}", which the `session` of the importer "{1}" asks for. Grant it to that user: grant {2} to …':
    "Databasanvändaren får inte agera som rollen ”{0}”, som funktionen `session` i importslaget ”{1}” begär. Ge användaren rollen: grant {2} to …",
  "The role {0} may not use the schema sluice_stage, and the database user may not let it. Run as the owner: grant usage on schema sluice_stage to {1}":
    "Rollen {0} får inte använda schemat sluice_stage, och databasanvändaren får inte ge den rätt till det. Kör som ägare: grant usage on schema sluice_stage to {1}",
  'The `session` of the importer "{0}" sets "{1}". Only "role" and your own settings can be set; their names contain a dot: app.tenant.':
    "Funktionen `session` i importslaget ”{0}” sätter ”{1}”. Bara ”role” och egna inställningar kan sättas, vars namn innehåller en punkt: app.tenant.",
  'The `session` of the importer "{0}" has no value for "{1}": it must be text, a number or a boolean.':
    "Funktionen `session` i importslaget ”{0}” ger inget värde för ”{1}”: det måste vara text, ett tal eller ett booleskt värde.",
  '{0}.{1}, the id of the importer "{2}", may identify several records: no unique index covers it alone. Set {3}, or make it unique: create unique index on {4} ({5})':
    "{0}.{1}, som är id för importslaget ”{2}”, kan stå för flera poster: inget unikt index gäller den kolumnen ensam. Ange {3}, eller gör den unik: create unique index on {4} ({5})",
  '{0}.{1}, the id of the importer "{2}", may identify several records: no unique index covers it alone. Give the table an id, and set {3}: alter table {4} add column {5} bigint generated always as identity primary key':
    "{0}.{1}, som är id för importslaget ”{2}”, kan stå för flera poster: inget unikt index gäller den kolumnen ensam. Ge tabellen ett id och ange {3}: alter table {4} add column {5} bigint generated always as identity primary key",
  '{0}.{1}, the id of the importer "{2}", is an array. Name another column: a number, text or a UUID, for example.':
    "{0}.{1}, som är id för importslaget ”{2}”, är en array. Ange en annan kolumn: ett tal, text eller ett UUID, till exempel.",
  '{0}.{1}, the id of the importer "{2}", may be null, and such records cannot be told apart. Name another column, or run: alter table {3} alter column {4} set not null':
    "{0}.{1}, som är id för importslaget ”{2}”, kan vara null, och sådana poster går inte att skilja åt. Ange en annan kolumn, eller: alter table {3} alter column {4} set not null",
  '`{0}` of the importer "{1}" is not a condition on a record of {2}: {3}. It must be SQL, such as: deleted_at is null':
    "`{0}` i importslaget ”{1}” är inget villkor för en post i {2}: {3}. Det är SQL, till exempel: deleted_at is null",
  'The field "{0}" of the importer "{1}" has a `context`, but its column {2} has no foreign key that says which table it points to. Use field.reference, or omit `context`.':
    "Fältet ”{0}” i importslaget ”{1}” har en `context`, men dess kolumn {2} har ingen främmandenyckel som säger vilken den andra tabellen är. Använd field.reference, eller ta bort `context`.",
  'The table {0} has no column {1}, which the `context` of the field "{2}" of the importer "{3}" names. Name the column that holds it, or set shared: true.':
    "Tabellen {0} har ingen kolumn {1}, som `context` för fältet ”{2}” i importslaget ”{3}” anger. Ange den kolumn som har värdet, eller skriv shared: true.",
  "This import would remove {0} of {1} {1:record|records}, and no row of its file goes in. Nothing has been removed; the number has to be confirmed first.":
    "Importen skulle ta bort {0} av {1} {1:post|poster}, och ingen rad i filen importeras. Inget har tagits bort; bekräfta antalet först.",
  "The database refuses to remove a record of {0}: {1}. Nothing has been removed. Correct what holds it and resume the import, or choose another mode.":
    "Databasen vägrar ta bort en post i {0}: {1}. Inget har tagits bort. Åtgärda det som hindrar det och återuppta importen, eller välj ett annat läge.",
  "This import would remove {0} of {1} {1:record|records}. Nothing has been removed; so many have to be confirmed first.":
    "Importen skulle ta bort {0} av {1} {1:post|poster}. Inget har tagits bort; bekräfta antalet först.",
  "This import would remove {0} of {1} {1:record|records}, and its file has invalid rows ({2}) that may name any of them. Nothing has been removed; correct these rows, or confirm the number.":
    "Importen skulle ta bort {0} av {1} {1:post|poster}, och filen har ogiltiga rader ({2}) som kan avse vilken som helst av dem. Inget har tagits bort; rätta raderna eller bekräfta antalet.",
  'The mode "{0}" needs tables, and {1} is a view or a foreign table. Choose another mode.':
    "Läget ”{0}” kräver tabeller, och {1} är en vy eller en främmande tabell. Välj ett annat läge.",
  "{0} is a distributed table of Citus, whose records an import can create and neither change nor delete. Skip duplicates instead of updating them, in a mode that removes nothing.":
    "{0} är en distribuerad Citus-tabell, där en import kan skapa poster men varken ändra eller ta bort dem. Hoppa över dubbletter i stället för att uppdatera dem, i ett läge som inte tar bort något.",
  "Records of {0} ({1}) refer to records of {2} that would be deleted. Nothing has been removed. Take these references away first, or choose another mode.":
    "Poster i {0} ({1}) hänvisar till poster i {2} som skulle tas bort. Inget har tagits bort. Ta bort hänvisningarna först, eller välj ett annat läge.",
  "Records that the file does not name are removed, and no column feeds a field to recognise records by: {0}. Map a column to one of them, or choose another mode.":
    "Poster som inte finns i filen tas bort, och ingen kolumn hör till ett fält som de kan kännas igen på: {0}. Koppla en kolumn till ett av dem, eller välj ett annat läge.",
  '"{0}" is not a number of records that may be removed.': "”{0}” är inget antal poster som får tas bort.",
};
