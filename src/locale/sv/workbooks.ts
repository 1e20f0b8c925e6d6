/** Workbooks that cannot be read, in Swedish: their sheets, and damage in the archive or the XML that they are made of. */
export const workbooks = {
  "{0}: its cells hold more than {1} times the file's size, as in a zip bomb, so reading stopped. If the table is real, save it as CSV.":
    "{0}: cellerna rymmer mer än {1} gånger filens storlek, som i en zip-bomb; läsningen avbryts. Om tabellen är äkta: spara den som CSV.",
  "{0} has no sheets. Is it a spreadsheet?": "{0} har inga blad. Är det en arbetsbok?",
  "{0} has no sheets. Open it in a spreadsheet program and save it again.":
    "{0} har inga blad. Öppna den i ett kalkylprogram och spara den igen.",
  "{0} has only empty sheets: no header and no rows.": "{0} har bara tomma blad: varken rubrikrad eller rader.",
  "{0} has no sheet with rows. Available: {1}.": "{0} har inget blad med rader. Det som finns: {1}.",
  '{0} has no sheet "{1}". Available: {2}. Give one of these names, or its position starting at 1.':
    "{0} har inget blad ”{1}”. Det som finns: {2}. Ange ett av dem, eller dess plats från 1.",
  "{0} no longer has sheet {1} ({2}).": "{0} har inte längre något blad {1} ({2}).",
  "{0} has more than {1} sheets. Is it the right file?": "{0} har fler än {1} blad. Är det rätt fil?",
  "{0} and {1} more": "{0} och {1} till",
  "Sheet {0} ({1}) of {2} is empty. Choose another sheet.": "Blad {0} ({1}) i {2} är tomt. Välj ett annat blad.",
  "Sheet {0} ({1}) of {2} is a {3}: it has no rows. Choose another sheet.":
    "Blad {0} ({1}) i {2} är ett {3}: det har inga rader. Välj ett annat blad.",
  chartsheet: "diagramblad",
  dialogsheet: "dialogblad",
  macrosheet: "makroblad",

  "{0} is password-protected. Open it in a spreadsheet program, save it without a password, and try again.":
    "{0} är lösenordsskyddad. Öppna den i ett kalkylprogram, spara den utan lösenord och försök igen.",
  "{0} is password-protected. Open it, remove the password, and save it.":
    "{0} är skyddad med ett lösenord: öppna den, ta bort lösenordet och spara den.",
  "{0} is password-protected. Open it in LibreOffice, save it without a password, and upload that file.":
    "{0} är skyddad med ett lösenord. Öppna den i LibreOffice, spara den utan lösenord och ta med den filen.",
  "{0} is password-protected. Open it in Excel, save it as XLSX without a password, and upload that file.":
    "{0} är skyddad med ett lösenord. Öppna den i Excel, spara den som XLSX utan lösenord och ta med den filen.",

  "{0} cannot be read. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} går inte att läsa. Öppna den i Excel eller LibreOffice och spara den som XLSX.",
  "{0} cannot be read: it takes too much memory. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} går inte att läsa: den kräver för mycket minne. Öppna den i Excel eller LibreOffice och spara den som XLSX.",
  "{0} cannot be read: it is damaged. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} går inte att läsa: den är skadad. Öppna den i Excel eller LibreOffice och spara den som XLSX.",
  "{0} cannot be read: it takes too long. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} går inte att läsa: det tar för lång tid. Öppna den i Excel eller LibreOffice och spara den som XLSX.",
  "{0} cannot be read: it is damaged or truncated. Download it again, or open it in LibreOffice and save it as XLSX.":
    "{0} går inte att läsa: den är skadad eller avkortad. Hämta den igen, eller öppna den i LibreOffice och spara den som XLSX.",
  "{0} is an XLS workbook of more than {1} MB. Open it in Excel or LibreOffice and save it as XLSX, or as CSV.":
    "{0} är en XLS-arbetsbok på mer än {1} MB. Öppna den i Excel eller LibreOffice och spara den som XLSX eller CSV.",
  "{0} does not contain a readable workbook.": "{0} innehåller ingen arbetsbok som går att läsa.",
  "{0} is damaged: it {1}. Download the file again, or save it as XLSX.":
    "{0} är skadad: den {1}. Hämta filen igen, eller spara den som XLSX.",
  "does not start the way a workbook does": "börjar inte som en arbetsbok",
  "ends abruptly at byte {0} of its workbook": "tar slut vid byte {0} i sin arbetsbok",
  "is missing one of its sheets": "saknar ett av sina blad",
  "The workbook has more than 4 GB of text. Save the sheet as CSV, or split the workbook.":
    "Arbetsboken har mer än 4 GB text. Spara bladet som CSV, eller dela upp arbetsboken.",
  "The workbook's text does not fit in the folder for temporary files, {0} ({1}). Free some space there, or point TMPDIR elsewhere.":
    "Serverns mapp för tillfälliga filer, {0}, rymmer inte arbetsbokens text ({1}). Gör plats där, eller ange en annan mapp i TMPDIR.",
  "No file can be created in the folder for temporary files, {0} ({1}). Point TMPDIR elsewhere.":
    "Det går inte att skapa någon fil i serverns mapp för tillfälliga filer, {0} ({1}). Ange en annan mapp i TMPDIR.",

  "{0} is not a spreadsheet: content.xml, the part that would hold its tables, is missing. Open it in LibreOffice and save it again.":
    "{0} är inget kalkylblad: delen content.xml, där tabellerna skulle stå, saknas. Öppna den i LibreOffice och spara den igen.",
  "{0} is not a workbook: {1}, the part that would describe it, is missing. Open it in a spreadsheet program and save it again.":
    "{0} är ingen arbetsbok: delen {1}, som skulle beskriva den, saknas. Öppna den i ett kalkylprogram och spara den igen.",
  "{0} is damaged: the part that holds sheet {1} ({2}) is missing. Open the file in a spreadsheet program and save it again, or choose another sheet.":
    "{0} är skadad: delen med blad {1} ({2}) saknas. Öppna filen i ett kalkylprogram och spara den igen, eller välj ett annat blad.",
  "{0} ({1}) lists more than {2} parts, which no workbook has. Is it the right file?":
    "{0} ({1}) nämner fler än {2} delar, vilket ingen arbetsbok gör. Är det rätt fil?",
  "{0} has no row at the checkpoint ({1} in its sheet): it is not the file this import began with.":
    "{0} har ingen rad där läsningen var ({1} i bladet): det är inte filen som importen började med.",
  "{0} has no row at the checkpoint ({1} in its content): it is not the file this import began with.":
    "{0} har ingen rad där läsningen var ({1} i innehållet): det är inte filen som importen började med.",
  "{0} repeats filled rows over {1} cells, as a file made to fill a disk does, so it was not read. If the table is real, save it as CSV.":
    "{0} upprepar ifyllda rader över {1} celler, som en fil som är gjord för att fylla en disk; den läses inte. Spara tabellen som CSV om den är på riktigt.",

  "{0} {1}: the workbook is damaged. Open it in a spreadsheet program, check it, and save it again.":
    "{0} {1}: arbetsboken är skadad. Öppna den i ett kalkylprogram, se igenom den och spara den igen.",
  "ends abruptly": "tar slut mitt i",
  "ends abruptly after row {0}": "tar slut efter rad {0}",
  "is encrypted": "är krypterad",
  "repeats a row more times than a sheet can have rows": "upprepar en rad fler gånger än något blad har rader",
  "has a tag in the wrong place (in row {0} of a sheet)": "har en tagg där den inte kan stå (på rad {0} i ett blad)",
  "has an unclosed cell in row {0}": "har en cell på rad {0} som inte stängs",
  "has an unclosed row {0}": "har en rad {0} som inte stängs",
  "has a closing tag after row {0} that closes nothing": "har en tagg efter rad {0} som inte stänger något",
  "has a tag that does not end": "har en tagg som inte tar slut",

  "{0} is in the encoding {1}; workbooks are UTF-8 or UTF-16. Open the file in a spreadsheet program and save it again.":
    "{0} är skriven i teckenkodningen {1}; kalkylprogram skriver UTF-8 eller UTF-16. Öppna filen i ett kalkylprogram och spara den igen.",
  "{0} is damaged: it contains bytes that are not {1}. Open the file in a spreadsheet program and save it again.":
    "{0} är skadad: den har byte som inte är {1}. Öppna filen i ett kalkylprogram och spara den igen.",
  "{0} is in an encoding that workbooks do not use. Open the workbook in a spreadsheet program and save it again.":
    "{0} är skriven i en teckenkodning som arbetsböcker inte har. Öppna arbetsboken i ett kalkylprogram och spara den igen.",
  "{0} has a document type declaration, which no spreadsheet program writes, so it was not read. Open the workbook in a spreadsheet program and save it again.":
    "{0} har en dokumenttypsdeklaration, vilket inget kalkylprogram skriver: den avvisas. Öppna arbetsboken i ett kalkylprogram och spara den igen.",
  "{0} declares the encoding {1}; workbooks are UTF-8 or UTF-16. Open it in a spreadsheet program and save it again.":
    "{0} säger sig vara skriven i {1}; arbetsböcker skrivs i UTF-8 eller UTF-16. Öppna den i ett kalkylprogram och spara den igen.",
  "{0} has a document type, which could pull in other files or grow without limit, so it was not read. No spreadsheet program writes one: open the file in one and save it again.":
    "{0} har en dokumenttyp, som kan hämta in andra filer eller växa utan gräns; inget kalkylprogram skriver en sådan. Den läses inte. Öppna filen i ett kalkylprogram och spara den igen.",
  "{0} is damaged: {1} (near character {2}). Open the file in a spreadsheet program and save it again.":
    "{0} är skadad: {1} (nära tecken {2}). Öppna filen i ett kalkylprogram och spara den igen.",
  "it ends too early": "den slutar för tidigt",
  "there is text outside its root element": "det finns text utanför rotelementet",
  "a declaration is where none is allowed": "en deklaration står där ingen kan stå",
  "{0} is missing": "{0} saknas",
  "it has a second root element": "den har ett andra rotelement",
  "a tag is malformed": "en tagg är felaktig",
  "a tag has no name": "en tagg saknar namn",
  "a quote is missing": "ett citattecken saknas",
  "a tag has no end": "en tagg saknar slut",
  "elements are nested more than {0} levels deep": "element ligger djupare än {0} nivåer",
  "an element is not closed where it should be": "ett element stängs inte där det borde",
  "an attribute is malformed": "ett attribut är felaktigt",
  "{0} appears twice": "{0} förekommer två gånger",
  "it refers to an entity or character that does not exist":
    "den hänvisar till en entitet eller ett tecken som inte finns",

  "{0} is not a zip archive, so it is not a workbook either. Is it the right file?":
    "{0} är inget zip-arkiv och därför ingen arbetsbok heller. Är det rätt fil?",
  "{0} is an archive inside another archive, which cannot be read. Unpack it first.":
    "{0}: arkivet ligger i ett annat och går inte att läsa därifrån. Packa upp det först.",
  "{0} is a zip archive with more than {1} entries, or with very long names: far more than a table needs. Is it the right file?":
    "{0} har fler än {1} poster i sitt zip-arkiv, eller för långa namn: långt mer än en tabell behöver. Är det rätt fil?",
  "{0} is damaged or truncated: its directory cannot be read. Download it again.":
    "{0} är skadad eller avkortad: dess katalog går inte att läsa. Hämta den igen.",
  "{0} is damaged: {1}. Download the file again, or open it in a spreadsheet program and save it again.":
    "{0} är skadad: {1}. Hämta filen igen, eller öppna den i ett kalkylprogram och spara den igen.",
  "its zip directory has more than the {0} entries it declares":
    "dess zip-katalog har fler poster än de {0} som den uppger",
  "its zip directory cannot be read ({0})": "dess zip-katalog går inte att läsa ({0})",
  "it is truncated, with no directory at its end": "den är avkortad, katalogen i slutet saknas",
  "it is truncated inside {0}": "den är avkortad inne i {0}",
  "its zip archive has several entries named {0}": "dess zip-arkiv har flera poster som heter {0}",
  "{0} overlaps the next entry of the zip archive": "{0} går in i det som kommer efter i zip-arkivet",
  "{0} has {1} bytes, but {2} are declared": "{0} har {1} byte där {2} är uppgivna",
  "{0} fails its checksum": "{0} stämmer inte med sin kontrollsumma",
  "{0} is not where the zip directory says": "{0} finns inte där zip-katalogen säger",
  "{0} cannot be unpacked": "{0} går inte att packa upp",
  "{0}: {1} is compressed with method {2}, which spreadsheets do not use. Unpack the file and compress it with Deflate, or save it again.":
    "{0}: {1} är packad med metod {2}, som kalkylprogram inte använder. Packa upp filen och packa den med Deflate, eller spara den igen.",
  "{0}: {1} unpacks to more than {2}, far more than it needs. Open the file in a spreadsheet program, copy the table into a new one, and save that.":
    "{0}: {1} blir mer än {2} uppackad, mer än en sådan del behöver. Öppna filen i ett kalkylprogram, kopiera tabellen till en ny arbetsbok och spara den.",
  "{0}: {1} unpacks to more than {2} times its size, as a zip bomb does, so it was not read. If the table is real, save it as CSV.":
    "{0}: {1} blir uppackad mer än {2} gånger så stor, som en zip-bomb; den läses inte. Spara tabellen som CSV om den är på riktigt.",
};
