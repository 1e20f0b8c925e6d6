/** Files that cannot be read, in Swedish: text, JSON, archives, and what is not a table at all. */
export const files = {
  "{0} is empty: it has no header and no rows.": "{0} är tom: den har varken rubrikrad eller rader.",
  "{0} has only empty lines: no header and no rows.": "{0} har bara tomma rader: varken rubrikrad eller data.",
  "{0} has more than {1} columns.": "{0} har fler än {1} kolumner.",
  "{0} has no row {1} among its first rows that could be the header.":
    "{0} har ingen rad {1} bland sina första rader att ta som rubrikrad.",

  "{0} is a PDF. Export the table as XLSX or CSV from the program it came from.":
    "{0} är en PDF. Hämta själva tabellen, som XLSX eller CSV, där den kommer ifrån.",
  "{0} is a text document (RTF). Save its table as CSV, or copy it into a spreadsheet and save that as XLSX.":
    "{0} är ett textdokument (RTF). Spara tabellen som CSV, eller kopiera den till ett kalkylprogram och spara som XLSX.",
  "{0} is an image. Export the table itself as XLSX or CSV from the program it came from.":
    "{0} är en bild. Hämta själva tabellen, som XLSX eller CSV, där den kommer ifrån.",
  "{0} is a SQLite database. Export the table: sqlite3 -header -csv FILE 'select * from TABLE'.":
    "{0} är en SQLite-databas. Exportera tabellen som CSV.",
  "{0} is an Access database. Export the table from Access as XLSX or CSV.":
    "{0} är en Access-databas. Exportera tabellen från Access som XLSX eller CSV.",
  "{0} is an Excel workbook from before 1995. Open it in LibreOffice and save it as XLSX.":
    "{0} är en Excel-arbetsbok från före 1995. Öppna den i LibreOffice och spara den som XLSX.",
  "{0} is a Parquet file. Export it as CSV or as JSON Lines.":
    "{0} är en Parquet-fil. Exportera den som CSV eller JSON Lines.",
  "{0} is an Arrow file. Export it as CSV or as JSON Lines.":
    "{0} är en Arrow-fil. Exportera den som CSV eller JSON Lines.",
  "{0} is a Feather file. Export it as CSV or as JSON Lines.":
    "{0} är en Feather-fil. Exportera den som CSV eller JSON Lines.",
  "{0} is an Avro file. Export it as CSV or as JSON Lines.":
    "{0} är en Avro-fil. Exportera den som CSV eller JSON Lines.",
  "{0} is compressed with {1}. Unpack it first, or use zip or gzip instead.":
    "{0} är packad med {1}. Packa upp den först, eller packa den som zip eller gzip i stället.",
  "{0} is a tar archive. Unpack it and upload the file you want.":
    "{0} är ett tar-arkiv. Packa upp det och ta med filen du menar.",

  "{0} is an HTML page, whatever its name says. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} är en HTML-sida, vad namnet än säger. Öppna den i Excel eller LibreOffice och spara den som XLSX.",
  "{0} is a web archive (MHTML), whatever its name says. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} är ett webbarkiv (MHTML), vad namnet än säger. Öppna det i Excel eller LibreOffice och spara det som XLSX.",
  "{0} is a SYLK file, whatever its name says. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} är en SYLK-fil, vad namnet än säger. Öppna den i Excel eller LibreOffice och spara den som XLSX.",
  "{0} is an Excel 2003 XML spreadsheet, whatever its name says. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} är ett XML-kalkylblad från Excel 2003, vad namnet än säger. Öppna det i Excel eller LibreOffice och spara det som XLSX.",
  "{0} is a flat OpenDocument file. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} är en platt OpenDocument-fil. Öppna den i Excel eller LibreOffice och spara den som XLSX.",
  "{0} is an XML file: there is no telling which of its elements are rows. Export the table as CSV, XLSX or JSON.":
    "{0} är en XML-fil: det går inte att veta vilka av dess element som är rader. Exportera tabellen som CSV, XLSX eller JSON.",
  "{0} contains contacts as vCards. Export them as CSV from the program they came from.":
    "{0} innehåller kontakter som vCard. Exportera dem som CSV där de kommer ifrån.",
  "{0} is a calendar. Export its entries as CSV from the program they came from.":
    "{0} är en kalender. Exportera dess poster som CSV där de kommer ifrån.",
  "{0} is a bank's file ({1}). Download the transactions from the bank as CSV or XLSX.":
    "{0} är en bankfil ({1}). Ladda ner transaktionerna från banken som CSV eller XLSX.",
  "{0} is a message between programs ({1}). Export the table as CSV from the program that receives such messages.":
    "{0} är ett meddelande mellan program ({1}). Exportera tabellen som CSV från programmet som tar emot sådana meddelanden.",
  "{0} is a bibliography ({1}). Export it as CSV from the program it came from.":
    "{0} är en litteraturlista ({1}). Exportera den som CSV där den kommer ifrån.",
  "{0} is a document ({1}). Copy its table into a spreadsheet and save that as XLSX or CSV.":
    "{0} är ett dokument ({1}). Kopiera tabellen till ett kalkylark och spara det som XLSX eller CSV.",
  "{0} is a bookkeeping file (SIE). Export the accounts or vouchers as CSV or XLSX from the accounting program.":
    "{0} är en bokföringsfil (SIE). Exportera konton eller verifikationer som CSV eller XLSX från bokföringsprogrammet.",
  "{0} is an export of a directory (LDIF). Export its entries as CSV, as csvde does.":
    "{0} är en export ur en katalogtjänst (LDIF). Exportera posterna som CSV, till exempel med csvde.",
  "{0} is a dump or a script of a database (SQL). Load it into a database and export the table as CSV.":
    "{0} är en dump eller ett skript från en databas (SQL). Läs in det i en databas och exportera tabellen som CSV.",
  "{0} is a dump of a Postgres database (pg_dump). Restore it with pg_restore and export the table as CSV.":
    "{0} är en dump av en Postgres-databas (pg_dump). Återställ den med pg_restore och exportera tabellen som CSV.",
  "{0} contains e-mails. Save the table that is attached to one, or copy it into a spreadsheet.":
    "{0} innehåller mejl. Spara tabellen som är bifogad, eller kopiera den till ett kalkylark.",
  "{0} holds a key or a certificate, not a table.": "{0} innehåller en nyckel eller ett certifikat, ingen tabell.",
  "{0} is YAML. Write its records as a JSON array, as JSON Lines or as CSV.":
    "{0} är YAML. Skriv posterna som en JSON-lista, som JSON Lines eller som CSV.",
  "{0} contains settings, not a table. Write the records as CSV, as a JSON array or as JSON Lines.":
    "{0} innehåller inställningar, ingen tabell. Skriv posterna som CSV, som en JSON-lista eller som JSON Lines.",
  "{0} is a log. Convert its lines to CSV or to JSON Lines first.":
    "{0} är en logg. Gör först om raderna till CSV eller JSON Lines.",
  "{0} is the source of a program, not a table. Save the data itself as CSV, XLSX or JSON.":
    "{0} är källkoden till ett program, ingen tabell. Spara själva datan som CSV, XLSX eller JSON.",
  "{0} is a data set of {1}. Export it as CSV.": "{0} är en datamängd från {1}. Exportera den som CSV.",
  '{0} holds its table by columns and is larger than {1} bytes. Write the records as an array of objects, or one per line (pandas: orient="records").':
    '{0} har sin tabell kolumnvis och är större än {1} byte. Skriv posterna som en lista av objekt, eller en per rad (pandas: orient="records").',
  "{0} has an object around every value, as answers of BigQuery do. Export the table as CSV or as JSON Lines.":
    "{0} har ett objekt runt varje värde, som svar från BigQuery. Exportera tabellen som CSV eller som JSON Lines.",
  "{0} names {1} {1:column|columns}, but its rows have {2} {2:value|values}. Write the records as an array of objects.":
    "{0} namnger {1} kolumner, men raderna har {2} värden. Skriv posterna som en lista av objekt.",
  "{0}: there is no telling whether its lists are columns, rows or parts of one record. Write the records as an array of objects.":
    "{0}: det går inte att veta om listorna är kolumner, rader eller delar av en enda post. Skriv posterna som en lista av objekt.",
  "{0} has its columns as lists of unequal length: {1} has {2} {2:value|values}, {3} {4}. Write the records as an array of objects.":
    "{0} har sina kolumner som listor av olika längd: {1} har {2} värden, {3} har {4}. Skriv posterna som en lista av objekt.",
  "{0}: its columns have different rows. Write the records as an array of objects.":
    "{0}: kolumnerna har inte samma rader. Skriv posterna som en lista av objekt.",
  "{0} is not valid JSON at byte {1}, in its column {2}.": "{0} är ingen giltig JSON vid byte {1}, i kolumnen {2}.",
  "{0} is encrypted with PGP. Decrypt it first.": "{0} är krypterad med PGP. Dekryptera den först.",

  "{0} is a binary workbook (XLSB). Open it in Excel and save it as XLSX.":
    "{0} är en binär arbetsbok (XLSB). Öppna den i Excel och spara den som XLSX.",
  "{0} is a Word document. Save its table as XLSX or CSV.":
    "{0} är ett Word-dokument. Spara tabellen i det som XLSX eller CSV.",
  "{0} is a PowerPoint presentation. Save its table as XLSX or CSV.":
    "{0} är en PowerPoint-presentation. Spara tabellen i den som XLSX eller CSV.",
  "{0} is a Visio drawing. Save its table as XLSX or CSV.":
    "{0} är en Visio-ritning. Spara tabellen i den som XLSX eller CSV.",
  "{0} is a Numbers document. In Numbers: File > Export To > Excel or CSV.":
    "{0} är ett Numbers-dokument. I Numbers: Arkiv > Exportera till > Excel eller CSV.",
  "{0} is an OpenDocument file, but not a current spreadsheet. Open it in LibreOffice and save it as XLSX or ODS.":
    "{0} är en OpenDocument-fil men inget nutida kalkylblad. Öppna den i LibreOffice och spara den som XLSX eller ODS.",
  "{0} is an e-book (EPUB). Save its table as XLSX or CSV.":
    "{0} är en bok (EPUB). Spara tabellen i den som XLSX eller CSV.",
  "{0} is an Outlook message. Save the table that is attached to it.":
    "{0} är ett Outlook-mejl. Spara tabellen som är bifogad.",
  "{0} is another program's file, not a workbook. Export the table as XLSX or CSV.":
    "{0} är ingen arbetsbok utan ett annat programs fil. Exportera tabellen som XLSX eller CSV.",
  "{0} is an archive with no files in it.": "{0} är ett arkiv utan någon fil i.",
  '{0} has no file "{1}" in it. Available: {2}. Give one of these names, or its position starting at 1.':
    "{0} innehåller ingen fil ”{1}”. Det som finns: {2}. Ange ett av namnen eller dess plats, räknat från 1.",
  "{0} is a zip archive, and none of its files is a table that can be read: {1}. Save the table as CSV or XLSX and upload that.":
    "{0} är ett zip-arkiv där ingen fil är en tabell som går att läsa: {1}. Spara tabellen som CSV eller XLSX och ladda upp den.",
  "This file is no zip archive, so there is no file in it to choose.":
    "Filen är inget zip-arkiv, så det finns ingen fil i det att välja.",
  "{0} contains another archive. Unpack it and upload what is inside.":
    "{0} innehåller ett annat arkiv. Packa upp det och ta med det som ligger i det.",
  "{0} is not compressed with {1}: it is not the file this import began with.":
    "{0} är inte packad med {1}: det är inte filen som importen började med.",

  "{0} is truncated: the download or upload was cut off. Download it again; nothing in it was imported.":
    "{0} slutar mitt i: hämtningen eller uppladdningen bröts. Hämta den igen; inget av den har importerats.",
  "{0} is damaged: gzip cannot unpack it ({1}). Download it again.":
    "{0} är skadad: gzip kan inte packa upp den ({1}). Hämta den igen.",
  "{0} contains a workbook of more than {1} bytes. Unpack it, or save its sheet as CSV.":
    "{0} innehåller en arbetsbok på mer än {1} byte. Packa upp den, eller spara bladet som CSV.",
  "{0} unpacks to more than {1} times its size: it is made to fill a disk, or holds next to nothing. Unpack it yourself if you trust it.":
    "{0} blir mer än {1} gånger så stor när den packas upp: den är gjord för att fylla en disk, eller innehåller nästan ingenting. Packa upp den själv om du litar på den.",
  "The unpacked workbook does not fit in the folder for temporary files, {0} ({1}). Free some space there, point TMPDIR elsewhere, or unpack the workbook first.":
    "Serverns mapp för tillfälliga filer, {0}, rymmer inte den uppackade arbetsboken ({1}). Gör plats där, peka TMPDIR någon annanstans, eller packa upp arbetsboken först.",

  "The encoding {0} is not supported. Save the file as UTF-8.": "Text i {0} kan inte läsas. Spara filen som UTF-8.",
  '"{0}" is not an encoding that Sluice supports. Use one such as utf-8, windows-1252, iso-8859-2, macintosh or shift_jis, or save the file as UTF-8.':
    "”{0}” är ingen teckenkodning som kan läsas här. Ange en som utf-8, windows-1252, iso-8859-2, macintosh eller shift_jis, eller spara filen som UTF-8.",
  "{0} begins with {1} bytes of empty lines, so no header was found.":
    "{0} börjar med {1} byte tomma rader: det finns ingen rubrikrad.",
  "{0}: the first row is longer than {1} bytes. Is it a text file with lines?":
    "{0}: första raden är längre än {1} byte. Är det en textfil med rader?",
  "{0} is a workbook or a zip archive. Save the sheet as CSV first.":
    "{0} är en arbetsbok eller ett zip-arkiv. Spara bladet som CSV först.",
  "{0} is an old Excel workbook (.xls). Save the sheet as CSV first.":
    "{0} är en äldre Excel-arbetsbok (.xls). Spara bladet som CSV först.",
  "{0} is gzip-compressed. Unpack it first.": "{0} är packad med gzip. Packa upp den först.",
  "{0} is a PDF. Export the table as CSV from the program it came from.":
    "{0} är en PDF. Exportera tabellen som CSV där den kommer ifrån.",
  "{0} is not a text file (read as {1}): {2} of its first {3} bytes are control characters. Export it as CSV.":
    "{0} är ingen textfil (läst som {1}): {2} av dess {3} första byte är styrtecken. Exportera den som CSV.",
  "{0} has {1} bytes, but the checkpoint is at {2}: it is not the file this import began with.":
    "{0} har {1} byte och läsningen hade kommit till {2}: det är inte filen som importen började med.",

  "{0} has no header row: its records carry the names of their columns.":
    "{0} har ingen rubrikrad: posterna har med sig kolumnernas namn.",
  "{0} is JSON with no records: its list is empty.": "{0} är JSON utan någon post: listan är tom.",
  "The first record of {0} is larger than {1} bytes.": "{0} börjar med en post på mer än {1} byte.",
  "{0} is nested more than {1} levels deep, so it is not a table.":
    "{0} är nästlad djupare än {1} nivåer: det är ingen tabell.",
  "{0} is not valid JSON at byte {1}, in its first record.":
    "{0} är ingen giltig JSON vid byte {1}, i den första posten.",
  "{0} is JSON, but no list of records starts in its first {1} bytes. Write the records as an array, or one per line.":
    "{0} är JSON, men ingen lista med poster börjar i de första {1} byten. Skriv posterna som en array, eller en på varje rad.",
  "{0} is not JSON with records: it starts with neither { nor [.":
    "{0} är ingen JSON med poster: den börjar varken med { eller [.",
  "{0} has more than {1} columns, one for each name in its objects. If every record has its own name, write the records as an array.":
    "{0} har fler än {1} kolumner: så många namn har objekten. Har varje post ett eget namn? Skriv dem som en array.",
  "{0} is nested more than {1} levels deep at byte {2}, in row {3}, so it is not a table.":
    "{0} är nästlad djupare än {1} nivåer vid byte {2}, på rad {3}: det är ingen tabell.",
  "{0} ends abruptly at byte {1}, in row {2}. Is the download complete? Export the file again.":
    "{0} tar slut vid byte {1}, på rad {2}. Är hämtningen komplett? Exportera filen igen.",
  "{0} is not valid JSON at byte {1}, in row {2}. There is no telling where the next row begins: correct the file, or write one record per line.":
    "{0} är ingen giltig JSON vid byte {1}, på rad {2}. Inget säger var nästa rad börjar: rätta filen, eller skriv en post på varje rad.",
  "{0} ends abruptly in row {1}, at byte {2}.": "{0} tar slut mitt i rad {1}, vid byte {2}.",
  "{0} continues after the end of its list, at byte {1}, with something that is not JSON. Was the file damaged, or put together from several?":
    "{0} fortsätter efter att listan har tagit slut, vid byte {1}, med något som inte är JSON. Har filen skadats eller satts ihop av flera?",
  "{0} ends abruptly at byte {1}: the object around the records is never closed. Is the download complete?":
    "{0} tar slut vid byte {1}: objektet runt posterna stängs aldrig. Är hämtningen komplett?",
  "{0} is JSON, which is UTF-8 (or UTF-16), not {1}. Save the file as UTF-8.":
    "{0} är JSON, som är UTF-8 (eller UTF-16), inte {1}. Spara filen som UTF-8.",

  "{0} could not be read within {1} s. Save it again with the program it came from, or as CSV.":
    "{0} gick inte att tolka inom {1} s. Spara den på nytt med programmet den kommer från, eller som CSV.",
  "The start of the file does not fit in memory. Save it as CSV.":
    "Filens början får inte plats i minnet. Spara den som CSV.",
  "The server was busy with another file. Try again.": "Servern var upptagen med en annan fil. Försök igen.",
};
