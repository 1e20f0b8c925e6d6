/** What an import is made of, in Swedish: its type, columns and fields, options, owners, templates. */
export const mapping = {
  'There is no importer "{0}". Available: {1}. Add others to sluice.config.ts; the ones that come with Sluice are in "sluice/importers".':
    "Importslaget ”{0}” finns inte. Det som finns: {1}. Fler läggs till i sluice.config.ts; de som följer med Sluice importeras från ”sluice/importers”.",
  'There is no importer "{0}", or you may not use it.':
    "Importslaget ”{0}” finns inte, eller så har du ingen behörighet till det.",
  "The request does not say which importer to use.": "Begäran anger inget importslag.",
  'Import {0} was made with the importer "{1}", not the one named in the request.':
    "Import {0} gjordes med importslaget ”{1}”, inte det som begäran anger.",
  'Import {0} belongs to "{1}", not to "{2}".': "Import {0} är av slaget ”{1}”, inte ”{2}”.",
  "The request must name one file: an upload, or an earlier import whose file is still kept.":
    "Begäran måste ange en fil: en uppladdning, eller en tidigare import vars fil finns kvar.",
  "The part `import` of the form does not match the documentation.":
    "Delen ”import” i formuläret följer inte dokumentationen.",
  'The part `import` of the form must be a JSON object, such as {"importer": "leads"}.':
    'Delen ”import” i formuläret måste vara ett JSON-objekt, som {"importer": "leads"}.',

  '"{0}" does not say which of several rows count. Use one of: {1}.':
    "”{0}” säger inte vilka av flera rader som räknas. Välj bland: {1}.",
  "No column of the file feeds any field, so there is nothing to import. Its columns are: {0}. The fields are: {1}.":
    "Ingen av filens kolumner ger värden till något fält, så det finns inget att importera. Kolumnerna är: {0}. Fälten är: {1}.",
  '"{0}" is no time zone. Use UTC, an offset such as +02:00, or a name such as Europe/Paris.':
    "”{0}” är ingen tidszon. Använd UTC, en skillnad som +02:00 eller ett namn som Europe/Paris.",
  "No column feeds: {0}.": "Ingen kolumn ger värden till: {0}.",
  "Some columns need a decision: {0}. Settle them, or accept the suggestions.":
    "Några kolumner behöver avgöras: {0}. Avgör dem, eller godta förslagen.",
  '"{0}" → {1} ({2})': "”{0}” → {1} ({2})",
  ambiguous_field: "flera kolumner är möjliga",
  date_order: "datumens ordning",
  date_serial: "datum eller tal",
  decimal_mark: "komma eller punkt",
  separator: "skiljetecken mellan värden",
  similar_name: "liknande namn",
  time_zone: "tidszon",
  "The mapping of import {0} is being changed elsewhere. Check it and try again.":
    "Kolumnerna i import {0} ändras på annat håll just nu. Se på dem och försök igen.",
  'The columns "{0}" and "{1}" would both feed "{2}". Leave one of them out in the same request.':
    "Kolumnerna ”{0}” och ”{1}” skulle båda gå till ”{2}”. Utelämna en av dem samtidigt.",
  'The column "{0}" is named twice. Name it once, with the field it feeds.':
    "Kolumnen ”{0}” nämns två gånger. Säg en gång vart den ska.",
  'There is no field "{0}". The fields are: {1}.': "Det finns inget fält ”{0}”. Fälten är: {1}.",
  'Two columns are mapped to the field "{0}". Choose one of them.':
    "Två kolumner är kopplade till fältet ”{0}”. Välj en av dem.",
  'The file has no column "{0}". Its columns are: {1}.': "Filen har ingen kolumn ”{0}”. Dess kolumner är: {1}.",
  'The value map turns "{0}" into "{1}", which is not one of: {2}.':
    "Värdet ”{0}” skulle bli ”{1}”, som inte är något av valen: {2}.",
  "The way the file of import {0} is read has just changed. Check its columns and try again.":
    "Filen i import {0} läses på ett annat sätt sedan nyss. Se på kolumnerna och försök igen.",
  "This file is {0}, which has no sheets.": "Filen är {0}, som inte har några blad.",
  "This file is {0}, which has no delimiter.": "Filen är {0}, som inte har någon avgränsare.",
  "This file is {0}, which encloses no cells in quotes.": "Filen är {0}, där inga celler står inom citattecken.",
  "This file is {0}, which declares its own encoding.": "Filen är {0}, som själv anger sin teckenkodning.",

  "Import {0} is {1}, so its mapping and options cannot change. Reopen it to change them, or upload the file again as a new import.":
    "Import {0} har statusen ”{1}”: kolumner och inställningar ändras inte mer. Öppna den igen för att ändra dem, eller ladda upp filen igen som en ny import.",
  "Import {0} is ready; changing how the file is read means reading it again. Reopen the import first, which discards its edits.":
    "Import {0} är redo att granska: för att läsas på ett annat sätt måste hela filen läsas om. Öppna den först igen; ändringar av rader försvinner då.",
  "Import {0} is already ready. Commit it instead.":
    "Import {0} är redan redo att granska: starta importen, i stället för import utan granskning.",
  'Duplicates are matched on "{0}", which no column feeds. Map a column to it, or remove it from the keys.':
    "Dubbletter ska kännas igen på ”{0}”, som ingen kolumn ger. Välj en kolumn för det, eller använd det inte för att känna igen dem.",
  'The field "{0}" takes columns as they are. Name the columns that feed it.':
    "Fältet ”{0}” tar kolumner som de är. Ange vilka som ska fylla det.",
  'Duplicates cannot be matched on "{0}", which holds several values. Choose a field of one value.':
    "Dubbletter kan inte kännas igen på ”{0}”, som har flera värden. Välj ett fält med ett värde.",
  "A key of several fields has none. Name its fields, or leave it out.":
    "En nyckel av flera fält har inget. Ange fälten, eller ta bort nyckeln.",
  'Duplicates are matched on "{0}" twice. Name it once.': "Dubbletter letas upp på ”{0}” två gånger. Ange det en gång.",
  "Duplicates can be matched on at most {0} keys, not {1}.": "Dubbletter kan letas upp på högst {0} nycklar, inte {1}.",
  "Only records that are there are updated, and no column feeds a field to recognise them by: {0}. Map a column to one of them, or choose another mode.":
    "Bara poster som finns uppdateras, och ingen kolumn fyller ett fält att känna igen dem på: {0}. Koppla en kolumn till något av dem, eller välj ett annat läge.",
  'The importer "{0}" does not offer the mode "{1}". It offers: {2}.':
    "Importslaget ”{0}” erbjuder inte läget ”{1}”. Det erbjuder: {2}.",
  'Duplicates cannot be matched on "{0}": it is not one of {1}.':
    "Dubbletter kan inte kännas igen på ”{0}”: det är inget av {1}.",
  'Duplicates of import {0} cannot be found by "{1}": some of its cells are numbers that a spreadsheet has shortened, such as 3.36E+10. Reopen the import to use it as a key; those rows are then reported, so that they can be corrected.':
    "Dubbletter i import {0} kan inte kännas igen på ”{1}” som det är nu: några av cellerna är tal som ett kalkylprogram har kortat, som 3,36E+10. Öppna importens inställningar igen för att använda det; raderna pekas då ut, så att de kan rättas.",
  'The strategy "{0}" is not one of: {1}.': "”{0}” är inget av sätten att hantera dubbletter: {1}.",
  'There is no field "{0}" to merge. The fields are: {1}.': "Det finns inget fält ”{0}” att uppdatera. Fälten är: {1}.",
  '"{0}" is not a merge rule for "{1}". Use one of: {2}.':
    "”{0}” är inget sätt att uppdatera ”{1}”. Välj något av: {2}.",
  'The importer "{0}" needs the context value "{1}".': "Importslaget ”{0}” behöver kontextvärdet ”{1}”.",
  'The context value "{0}" of the importer "{1}" is "{2}", which is not a valid {3}.':
    "Uppgiften ”{0}” för importslaget ”{1}” är ”{2}”, som inte är av typen {3}.",
  'The importer "{0}" has no record "{1}". It has: {2}.': "Importslaget ”{0}” har ingen post ”{1}”. Det har: {2}.",
  'The importer "{0}" has no context value "{1}". It has: {2}.':
    "Importslaget ”{0}” har ingen uppgift ”{1}”. Det har: {2}.",
  none: "ingen",

  'The importer "{0}" does not assign owners.': "Importslaget ”{0}” tilldelar inga ansvariga.",
  "{0} has no owner called {1}. Correct the assignment.": "Ingen i {0} heter {1}. Rätta tilldelningen.",
  "Import {0} assigns records to owners who are not in {1} for its context: {2}. Change the assignment.":
    "Import {0} tilldelar poster till ägare som inte finns i {1} för importens kontext: {2}. Ändra tilldelningen.",
  '"{0}"': "”{0}”",
  'The assignment names the column "{0}", which the file does not have.':
    "Tilldelningen går efter kolumnen ”{0}”, som filen inte har.",
  'The owners of "{0}" depend on a context ({1}), so an import must be named.':
    "De ansvariga för ”{0}” beror på en kontext ({1}), så en import måste anges.",
  "Import {0} does not assign owners by a column, so there are none to compare.":
    "Import {0} tilldelar inte efter en kolumn; ansvariga kan jämföras när den gör det och är redo att granska.",
  "Import {0} is {1}; its owners can be compared once it is ready.":
    "Import {0} har statusen ”{1}”; ansvariga kan jämföras när den är redo att granska och tilldelar efter en kolumn.",

  "There is no template {0}.": "Mallen {0} finns inte.",
  "There is no template {0}, or it is not yours.": "Mallen {0} finns inte, eller är inte din.",
  'There is no template {0} for the importer "{1}".': "Importslaget ”{1}” har ingen mall {0}.",
  'The column "{0}" is joined twice for the field "{1}". Name each column once.':
    "Kolumnen ”{0}” sätts ihop två gånger för fältet ”{1}”. Ange varje kolumn en gång.",
  'No columns are named to be joined for the field "{0}". Name at least one.':
    "Inga kolumner är valda att slå ihop till fältet ”{0}”. Välj minst en.",
  'Pieces of the column "{0}" are counted from 1, or from the end with -1.':
    "Delarna av kolumnen ”{0}” räknas från 1, eller från slutet med -1.",
  'The constant for the field "{0}" is blank. Enter a value, or leave the field out.':
    "Det fasta värdet för fältet ”{0}” är tomt. Ange ett värde, eller hoppa över fältet.",
  'The field "{0}" is fed twice. Choose one way.': "Fältet ”{0}” fylls på två sätt. Välj ett av dem.",
  'The separator that the column "{0}" is split by is empty. Enter one, such as ";".':
    "Skiljetecknet som kolumnen ”{0}” ska delas efter är tomt. Ange ett, till exempel ”;”.",
  suggested_split: "del av en kolumn föreslagen",
  'The field "{0}" is made of the row\'s other fields: no column feeds it. Leave it out of the mapping.':
    "Fältet ”{0}” räknas ut av radens övriga fält och har ingen kolumn. Ta bort det ur kopplingen.",
  '"{0}" is none of the choices of the field "{1}". Use one of: {2}.':
    "”{0}” är inget av valen för fältet ”{1}”. Använd något av: {2}.",
  '"{0}" is no value for the field "{1}". Enter one such as {2}.':
    "”{0}” passar inte fältet ”{1}”. Ange ett värde som {2}.",
  '"{0}" is no value that the field "{1}" takes. Enter another one.':
    "Fältet ”{1}” tar inte emot ”{0}”. Ange ett annat värde.",
};
