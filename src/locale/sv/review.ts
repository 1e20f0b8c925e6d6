/** Rows under review, in Swedish. */
export const review = {
  "A text of more than {0} characters with accents can only be searched for exactly as it is written. Make the search case-sensitive.":
    "En text på fler än {0} tecken med accenter kan bara sökas exakt som den är skriven. Skilj mellan stora och små bokstäver i sökningen.",
  "Import {0} is {1}: rows can only be edited while it is ready.":
    "Import {0} har statusen ”{1}”: raderna kan ändras medan den är redo att granska.",
  "Import {0} has no row {1}: rows are numbered as in the file, starting at 1.":
    "Import {0} har ingen rad {1}: raderna räknas som i filen, från 1.",
  "Import {0} has no row {1}, or it is blank in the file.":
    "Import {0} har ingen rad {1}, eller så är den tom i filen.",
  "Import {0} moved on just after row {1} was edited.":
    "Import {0} gick vidare alldeles efter att rad {1} hade ändrats.",
  "Import {0}: another edit was made after edit {1}. Take that one back first.":
    "Import {0}: en annan ändring kom efter ändring {1}. Ångra den senare först.",
  "Import {0}: a newer version of Sluice has begun an edit that this one does not know. Try again when it has finished.":
    "Import {0}: en nyare version av Sluice har börjat på en ändring som den här inte känner till. Försök igen när den är klar.",
  "Import {0}: another edit of many rows is in progress. Try again when it has finished.":
    "Import {0}: en annan ändring av många rader pågår. Försök igen när den är klar.",
  "An edit of many rows of import {0} is not finished. It continues on its own: commit in a moment, or take the edit back.":
    "En ändring av många rader i import {0} är inte klar. Den fortsätter av sig själv: importera om en stund, eller ångra den.",
  "Import {0} has no edit to take back.": "Import {0} har ingen ändring att ångra.",
  "The database crashed and lost the staged rows of import {0}. They are being read from the file again, and edits are kept. Try again when it is ready.":
    "Databasen kraschade och förlorade de kontrollerade raderna i import {0}; de läses igen ur filen, och dina ändringar finns kvar. Försök igen när den är redo att granska.",
  'The rows of import {0} have no column "{1}".': "Raderna i import {0} har ingen kolumn ”{1}”.",
  'A cell of the column "{0}" has several values, so rows cannot be filtered by one of them. Search for it instead.':
    "En cell i kolumnen ”{0}” har flera värden, så rader kan inte filtreras på ett av dem. Sök efter det i stället.",
  "Rows can be filtered by at most {0} kinds of issue at once.":
    "Rader kan filtreras på högst {0} slags problem åt gången.",
  "Rows can be filtered by at most {0} values of {1} columns at once.":
    "Rader kan filtreras på högst {0} värden i {1} kolumner åt gången.",
  "A value to filter by has more than {0} characters. Give its first {1}.":
    "Ett värde att filtrera på har fler än {0} tecken. Ange de {1} första.",
  "A value to filter by contains a character that text cannot have: NUL, or half of a surrogate pair.":
    "Ett värde att filtrera på innehåller ett tecken som text inte kan ha: NUL, eller ett halvt surrogatpar.",
  'No column of import {0} feeds a field "{1}".': "Ingen kolumn i import {0} går till ett fält ”{1}”.",
  'The file of import {0} has no column "{1}".': "Filen i import {0} har ingen kolumn ”{1}”.",
  'The column "{0}" of import {1} feeds no field, so editing it would change nothing.':
    "Kolumnen ”{0}” i import {1} går inte till något fält: att ändra den skulle inte ändra något.",
  "Row {0} of import {1} would be blank, and blank rows are ignored. Keep at least one value in it.":
    "Inget skulle bli kvar av rad {0} i import {1}, och en tom rad är ingen rad. Låt ett värde stå kvar.",
  "Row {0} of import {1} cannot be corrected here ({2}): its cells are not the columns of the table. Correct it in the file of rejected rows, and import that.":
    "Rad {0} i import {1} kan inte rättas här ({2}): dess celler är inte tabellens kolumner. Rätta den i filen med rader som lämnades utanför, och importera den.",
  row_too_long: "för många celler",
  row_too_large: "större än 4 MiB",
  quote_unclosed: "citattecken som aldrig stängs",
  outside_table: "nedanför tabellens slut",
  row_number_repeated: "radnummer två gånger eller i fel ordning",
  "The value": "Värdet",
  "The new value": "Det nya värdet",
  "The replacement": "Ersättningen",
  "The text to find": "Texten att söka efter",
  "{0} has {1} characters; a cell can have at most {2}.": "{0} har {1} tecken; en cell rymmer högst {2}.",
  "{0} contains a NUL character, which text cannot have.": "{0} innehåller ett NUL-tecken, som ingen text kan ha.",
  "{0} contains a broken character (U+FFFD, or half of a surrogate pair). Type it again.":
    "{0} innehåller ett trasigt tecken (U+FFFD, eller halva av ett surrogatpar). Skriv det på nytt.",
  'The new value is the same as the old one, "{0}". Enter a different one.':
    "Det nya värdet är det gamla, ”{0}”. Ange ett annat.",
  "The replacement is the same as the text. Enter a different one.": "Ersättningen är själva texten. Ange en annan.",
  "Enter the text to find. Blank cells can only be found as whole cells of one field.":
    "Ange vad du söker efter; tomma celler söks som hela celler i ett enda fält.",
  'Row {0} is valid, and of the columns that "{1}" is joined from no cells are kept. Edit the field "{2}" itself.':
    "Rad {0} är giltig, och cellerna som ”{1}” är sammansatt av sparas inte. Ändra själva fältet ”{2}”.",
  'The field "{0}" is made of the row\'s other fields. Edit those.':
    "Fältet ”{0}” räknas ut av radens övriga fält. Ändra dem i stället.",
  'The field "{0}" has no such repair for this kind of issue.':
    "Fältet ”{0}” har ingen sådan rättelse för den här typen av problem.",
  "Two of the fields are the same cell of a row. Name each cell once.":
    "Två av fälten är samma cell i en rad. Nämn varje cell en gång.",
  "The edit names no cell. Name at least one field and one row.":
    "Ändringen nämner ingen cell. Ange minst ett fält och en rad.",
  "One edit can have at most {0} rows and {1} cells. Divide it, or use find and replace.":
    "En ändring kan omfatta högst {0} rader och {1} celler. Dela upp den, eller använd sök och ersätt.",
  "Each row of the edit needs its number in the file, from 1, and stands in it once.":
    "Varje rad i ändringen anges med sitt nummer i filen, från 1, och bara en gång.",
  "Row {0} of import {1} is left out. Put it back in before you edit it.":
    "Rad {0} i import {1} är utelämnad. Ta med den igen innan du ändrar den.",
  "The edit names no row. Give the numbers of rows, the first or last of them, or a filter.":
    "Ändringen nämner ingen rad. Ange radnummer, det första eller sista av dem, eller ett filter.",
  "One edit can name at most {0} rows one by one. Give the first and the last of them, or a filter.":
    "En ändring kan nämna högst {0} rader en och en. Ange den första och den sista, eller ett filter.",
  "Row {0} of the edit has {1} {1:value|values} for {2} {2:field|fields}.":
    "Rad {0} i ändringen har {1} {1:värde|värden} för {2} fält.",
  "Row {0} of import {1} is no duplicate, as far as its last dry run knows. Make a dry run to have them looked for again.":
    "Rad {0} i import {1} är ingen dubblett enligt den senaste provkörningen. Gör en provkörning så söks de upp på nytt.",
  "Which rows of import {0} are duplicates is not known any more. Make a dry run, and try again.":
    "Det är inte längre känt vilka rader i import {0} som är dubbletter. Gör en provkörning och försök igen.",
  'The importer "{0}" loads by its own code, or makes several records of a row: what becomes of its duplicates is decided for all of them, by the import\'s options.':
    "Importören ”{0}” laddar med egen kod eller gör flera poster av en rad: vad som händer med dess dubbletter bestäms för alla, i importens alternativ.",
};
