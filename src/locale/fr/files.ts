/** Files that cannot be read, in French: text, JSON, archives, and what is not a table at all. */
export const files = {
  "{0} is empty: it has no header and no rows.": "{0} est vide : ni en-tête, ni lignes.",
  "{0} has only empty lines: no header and no rows.": "{0} ne contient que des lignes vides : ni en-tête, ni données.",
  "{0} has more than {1} columns.": "{0} a plus de {1} colonnes.",
  "{0} has no row {1} among its first rows that could be the header.":
    "{0} n’a pas, parmi ses premières lignes, de ligne {1} qui puisse servir d’en-tête.",

  "{0} is a PDF. Export the table as XLSX or CSV from the program it came from.":
    "{0} est un PDF. Récupérez le tableau lui-même, en XLSX ou en CSV, là d’où il vient.",
  "{0} is a text document (RTF). Save its table as CSV, or copy it into a spreadsheet and save that as XLSX.":
    "{0} est un document texte (RTF). Enregistrez son tableau en CSV, ou copiez-le dans un tableur et enregistrez en XLSX.",
  "{0} is an image. Export the table itself as XLSX or CSV from the program it came from.":
    "{0} est une image. Récupérez le tableau lui-même, en XLSX ou en CSV, là d’où elle vient.",
  "{0} is a SQLite database. Export the table: sqlite3 -header -csv FILE 'select * from TABLE'.":
    "{0} est une base de données SQLite. Exportez sa table en CSV.",
  "{0} is an Access database. Export the table from Access as XLSX or CSV.":
    "{0} est une base de données Access. Exportez la table depuis Access en XLSX ou en CSV.",
  "{0} is an Excel workbook from before 1995. Open it in LibreOffice and save it as XLSX.":
    "{0} est un classeur Excel d’avant 1995. Ouvrez-le dans LibreOffice et enregistrez-le en XLSX.",
  "{0} is a Parquet file. Export it as CSV or as JSON Lines.":
    "{0} est un fichier Parquet. Exportez-le en CSV ou en JSON Lines.",
  "{0} is an Arrow file. Export it as CSV or as JSON Lines.":
    "{0} est un fichier Arrow. Exportez-le en CSV ou en JSON Lines.",
  "{0} is a Feather file. Export it as CSV or as JSON Lines.":
    "{0} est un fichier Feather. Exportez-le en CSV ou en JSON Lines.",
  "{0} is an Avro file. Export it as CSV or as JSON Lines.":
    "{0} est un fichier Avro. Exportez-le en CSV ou en JSON Lines.",
  "{0} is compressed with {1}. Unpack it first, or use zip or gzip instead.":
    "{0} est compressé avec {1}. Décompressez-le d’abord, ou compressez-le plutôt en zip ou en gzip.",
  "{0} is a tar archive. Unpack it and upload the file you want.":
    "{0} est une archive tar. Décompressez-la et importez le fichier voulu.",

  "{0} is an HTML page, whatever its name says. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} est une page HTML, quoi qu’en dise son nom. Ouvrez-la dans Excel ou LibreOffice et enregistrez-la en XLSX.",
  "{0} is a web archive (MHTML), whatever its name says. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} est une archive web (MHTML), quoi qu’en dise son nom. Ouvrez-la dans Excel ou LibreOffice et enregistrez-la en XLSX.",
  "{0} is a SYLK file, whatever its name says. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} est un fichier SYLK, quoi qu’en dise son nom. Ouvrez-le dans Excel ou LibreOffice et enregistrez-le en XLSX.",
  "{0} is an Excel 2003 XML spreadsheet, whatever its name says. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} est une feuille de calcul XML d’Excel 2003, quoi qu’en dise son nom. Ouvrez-la dans Excel ou LibreOffice et enregistrez-la en XLSX.",
  "{0} is a flat OpenDocument file. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} est un fichier OpenDocument à plat. Ouvrez-le dans Excel ou LibreOffice et enregistrez-le en XLSX.",
  "{0} is an XML file: there is no telling which of its elements are rows. Export the table as CSV, XLSX or JSON.":
    "{0} est un fichier XML : rien ne dit lesquels de ses éléments sont des lignes. Exportez le tableau en CSV, en XLSX ou en JSON.",
  "{0} contains contacts as vCards. Export them as CSV from the program they came from.":
    "{0} contient des contacts au format vCard. Exportez-les en CSV là d’où ils viennent.",
  "{0} is a calendar. Export its entries as CSV from the program they came from.":
    "{0} est un agenda. Exportez ses entrées en CSV là d’où elles viennent.",
  "{0} is a bank's file ({1}). Download the transactions from the bank as CSV or XLSX.":
    "{0} est un fichier de banque ({1}). Téléchargez les opérations en CSV ou en XLSX sur le site de la banque.",
  "{0} is a message between programs ({1}). Export the table as CSV from the program that receives such messages.":
    "{0} est un message entre programmes ({1}). Exportez le tableau en CSV depuis le programme qui reçoit ces messages.",
  "{0} is a bibliography ({1}). Export it as CSV from the program it came from.":
    "{0} est une bibliographie ({1}). Exportez-la en CSV là d’où elle vient.",
  "{0} is a document ({1}). Copy its table into a spreadsheet and save that as XLSX or CSV.":
    "{0} est un document ({1}). Copiez son tableau dans un tableur et enregistrez-le en XLSX ou en CSV.",
  "{0} is a bookkeeping file (SIE). Export the accounts or vouchers as CSV or XLSX from the accounting program.":
    "{0} est un fichier comptable (SIE). Exportez les comptes ou les écritures en CSV ou en XLSX depuis le logiciel de comptabilité.",
  "{0} is an export of a directory (LDIF). Export its entries as CSV, as csvde does.":
    "{0} est un export d’annuaire (LDIF). Exportez ses entrées en CSV, par exemple avec csvde.",
  "{0} is a dump or a script of a database (SQL). Load it into a database and export the table as CSV.":
    "{0} est une sauvegarde ou un script de base de données (SQL). Chargez-le dans une base et exportez la table en CSV.",
  "{0} is a dump of a Postgres database (pg_dump). Restore it with pg_restore and export the table as CSV.":
    "{0} est une sauvegarde d’une base Postgres (pg_dump). Restaurez-la avec pg_restore et exportez la table en CSV.",
  "{0} contains e-mails. Save the table that is attached to one, or copy it into a spreadsheet.":
    "{0} contient des e-mails. Enregistrez le tableau joint à l’un d’eux, ou copiez-le dans un tableur.",
  "{0} holds a key or a certificate, not a table.": "{0} contient une clé ou un certificat, pas un tableau.",
  "{0} is YAML. Write its records as a JSON array, as JSON Lines or as CSV.":
    "{0} est du YAML. Écrivez ses enregistrements sous forme de liste JSON, en JSON Lines ou en CSV.",
  "{0} contains settings, not a table. Write the records as CSV, as a JSON array or as JSON Lines.":
    "{0} contient des réglages, pas un tableau. Écrivez les enregistrements en CSV, sous forme de liste JSON ou en JSON Lines.",
  "{0} is a log. Convert its lines to CSV or to JSON Lines first.":
    "{0} est un journal. Convertissez d’abord ses lignes en CSV ou en JSON Lines.",
  "{0} is the source of a program, not a table. Save the data itself as CSV, XLSX or JSON.":
    "{0} est le code source d’un programme, pas un tableau. Enregistrez les données elles-mêmes en CSV, en XLSX ou en JSON.",
  "{0} is a data set of {1}. Export it as CSV.": "{0} est un jeu de données {1}. Exportez-le en CSV.",
  '{0} holds its table by columns and is larger than {1} bytes. Write the records as an array of objects, or one per line (pandas: orient="records").':
    '{0} range son tableau par colonnes et dépasse {1} octets. Écrivez les enregistrements sous forme de liste d’objets, ou un par ligne (pandas : orient="records").',
  "{0} has an object around every value, as answers of BigQuery do. Export the table as CSV or as JSON Lines.":
    "{0} entoure chaque valeur d’un objet, comme les réponses de BigQuery. Exportez le tableau en CSV ou en JSON Lines.",
  "{0} names {1} {1:column|columns}, but its rows have {2} {2:value|values}. Write the records as an array of objects.":
    "{0} nomme {1} {1:colonne|colonnes}, mais ses lignes ont {2} {2:valeur|valeurs}. Écrivez les enregistrements sous forme de liste d’objets.",
  "{0}: there is no telling whether its lists are columns, rows or parts of one record. Write the records as an array of objects.":
    "{0} : impossible de savoir si ses listes sont des colonnes, des lignes ou des parties d’un seul enregistrement. Écrivez les enregistrements sous forme de liste d’objets.",
  "{0} has its columns as lists of unequal length: {1} has {2} {2:value|values}, {3} {4}. Write the records as an array of objects.":
    "{0} range ses colonnes en listes de longueurs inégales : {1} a {2} {2:valeur|valeurs}, {3} en a {4}. Écrivez les enregistrements sous forme de liste d’objets.",
  "{0}: its columns have different rows. Write the records as an array of objects.":
    "{0} : ses colonnes n’ont pas les mêmes lignes. Écrivez les enregistrements sous forme de liste d’objets.",
  "{0} is not valid JSON at byte {1}, in its column {2}.":
    "{0} n’est pas du JSON valide à l’octet {1}, dans sa colonne {2}.",
  "{0} is encrypted with PGP. Decrypt it first.": "{0} est chiffré avec PGP. Déchiffrez-le d’abord.",

  "{0} is a binary workbook (XLSB). Open it in Excel and save it as XLSX.":
    "{0} est un classeur binaire (XLSB). Ouvrez-le dans Excel et enregistrez-le en XLSX.",
  "{0} is a Word document. Save its table as XLSX or CSV.":
    "{0} est un document Word. Enregistrez son tableau en XLSX ou en CSV.",
  "{0} is a PowerPoint presentation. Save its table as XLSX or CSV.":
    "{0} est une présentation PowerPoint. Enregistrez son tableau en XLSX ou en CSV.",
  "{0} is a Visio drawing. Save its table as XLSX or CSV.":
    "{0} est un dessin Visio. Enregistrez son tableau en XLSX ou en CSV.",
  "{0} is a Numbers document. In Numbers: File > Export To > Excel or CSV.":
    "{0} est un document Numbers. Dans Numbers : Fichier > Exporter vers > Excel ou CSV.",
  "{0} is an OpenDocument file, but not a current spreadsheet. Open it in LibreOffice and save it as XLSX or ODS.":
    "{0} est un fichier OpenDocument, mais pas une feuille de calcul actuelle. Ouvrez-le dans LibreOffice et enregistrez-le en XLSX ou en ODS.",
  "{0} is an e-book (EPUB). Save its table as XLSX or CSV.":
    "{0} est un livre (EPUB). Enregistrez son tableau en XLSX ou en CSV.",
  "{0} is an Outlook message. Save the table that is attached to it.":
    "{0} est un message Outlook. Enregistrez le tableau qui y est joint.",
  "{0} is another program's file, not a workbook. Export the table as XLSX or CSV.":
    "{0} n’est pas un classeur, mais le fichier d’un autre programme. Exportez le tableau en XLSX ou en CSV.",
  "{0} is an archive with no files in it.": "{0} est une archive qui ne contient aucun fichier.",
  '{0} has no file "{1}" in it. Available: {2}. Give one of these names, or its position starting at 1.':
    "{0} ne contient aucun fichier « {1} ». Il y a : {2}. Indiquez l’un de ces noms, ou sa position à partir de 1.",
  "{0} is a zip archive, and none of its files is a table that can be read: {1}. Save the table as CSV or XLSX and upload that.":
    "{0} est une archive zip dont aucun fichier n’est un tableau lisible : {1}. Enregistrez le tableau au format CSV ou XLSX, puis importez-le.",
  "This file is no zip archive, so there is no file in it to choose.":
    "Ce fichier n’est pas une archive zip : il n’y a aucun fichier à y choisir.",
  "{0} contains another archive. Unpack it and upload what is inside.":
    "{0} contient une autre archive. Décompressez-la et importez ce qu’elle contient.",
  "{0} is not compressed with {1}: it is not the file this import began with.":
    "{0} n’est pas compressé en {1} : ce n’est pas le fichier avec lequel cet import a commencé.",

  "{0} is truncated: the download or upload was cut off. Download it again; nothing in it was imported.":
    "{0} s’arrête au milieu : le téléchargement ou l’envoi a été coupé. Récupérez-le de nouveau ; rien n’en a été importé.",
  "{0} is damaged: gzip cannot unpack it ({1}). Download it again.":
    "{0} est endommagé : gzip ne peut pas le décompresser ({1}). Récupérez-le de nouveau.",
  "{0} contains a workbook of more than {1} bytes. Unpack it, or save its sheet as CSV.":
    "{0} contient un classeur de plus de {1} octets. Décompressez-le, ou enregistrez sa feuille en CSV.",
  "{0} unpacks to more than {1} times its size: it is made to fill a disk, or holds next to nothing. Unpack it yourself if you trust it.":
    "{0} devient plus de {1} fois plus gros une fois décompressé : il est fait pour remplir un disque, ou ne contient presque rien. Décompressez-le vous-même si vous lui faites confiance.",
  "The unpacked workbook does not fit in the folder for temporary files, {0} ({1}). Free some space there, point TMPDIR elsewhere, or unpack the workbook first.":
    "Le dossier des fichiers temporaires du serveur, {0}, ne peut pas accueillir le classeur décompressé ({1}). Faites-y de la place, faites pointer TMPDIR ailleurs, ou décompressez d’abord le classeur.",

  "The encoding {0} is not supported. Save the file as UTF-8.":
    "Le texte en {0} n’est pas pris en charge. Enregistrez le fichier en UTF-8.",
  '"{0}" is not an encoding that Sluice supports. Use one such as utf-8, windows-1252, iso-8859-2, macintosh or shift_jis, or save the file as UTF-8.':
    "« {0} » n’est pas un encodage connu ici. Indiquez-en un comme utf-8, windows-1252, iso-8859-2, macintosh ou shift_jis, ou enregistrez le fichier en UTF-8.",
  "{0} begins with {1} bytes of empty lines, so no header was found.":
    "{0} commence par {1} octets de lignes vides : il n’y a pas d’en-tête.",
  "{0}: the first row is longer than {1} bytes. Is it a text file with lines?":
    "{0} : la première ligne dépasse {1} octets. Est-ce bien un fichier texte avec des lignes ?",
  "{0} is a workbook or a zip archive. Save the sheet as CSV first.":
    "{0} est un classeur ou une archive zip. Enregistrez d’abord la feuille en CSV.",
  "{0} is an old Excel workbook (.xls). Save the sheet as CSV first.":
    "{0} est un ancien classeur Excel (.xls). Enregistrez d’abord la feuille en CSV.",
  "{0} is gzip-compressed. Unpack it first.": "{0} est compressé en gzip. Décompressez-le d’abord.",
  "{0} is a PDF. Export the table as CSV from the program it came from.":
    "{0} est un PDF. Exportez le tableau en CSV là d’où il vient.",
  "{0} is not a text file (read as {1}): {2} of its first {3} bytes are control characters. Export it as CSV.":
    "{0} n’est pas un fichier texte (lu en {1}) : sur ses {3} premiers octets, {2} sont des caractères de contrôle. Exportez-le en CSV.",
  "{0} has {1} bytes, but the checkpoint is at {2}: it is not the file this import began with.":
    "{0} a {1} octets et la lecture en était à {2} : ce n’est pas le fichier avec lequel cet import a commencé.",

  "{0} has no header row: its records carry the names of their columns.":
    "{0} n’a pas de ligne d’en-tête : ses enregistrements portent les noms de leurs colonnes.",
  "{0} is JSON with no records: its list is empty.": "{0} est un JSON sans enregistrement : sa liste est vide.",
  "The first record of {0} is larger than {1} bytes.": "{0} commence par un enregistrement de plus de {1} octets.",
  "{0} is nested more than {1} levels deep, so it is not a table.":
    "{0} s’imbrique sur plus de {1} niveaux : ce n’est pas un tableau.",
  "{0} is not valid JSON at byte {1}, in its first record.":
    "{0} n’est pas un JSON valide à l’octet {1}, dans son premier enregistrement.",
  "{0} is JSON, but no list of records starts in its first {1} bytes. Write the records as an array, or one per line.":
    "{0} est un JSON, mais aucune liste d’enregistrements ne commence dans ses {1} premiers octets. Écrivez les enregistrements dans un tableau JSON, ou un par ligne.",
  "{0} is not JSON with records: it starts with neither { nor [.":
    "{0} n’est pas un JSON avec des enregistrements : il ne commence ni par { ni par [.",
  "{0} has more than {1} columns, one for each name in its objects. If every record has its own name, write the records as an array.":
    "{0} a plus de {1} colonnes : ses objets ont autant de noms. Chaque enregistrement porte-t-il un nom à lui ? Écrivez-les dans un tableau JSON.",
  "{0} is nested more than {1} levels deep at byte {2}, in row {3}, so it is not a table.":
    "{0} s’imbrique sur plus de {1} niveaux à l’octet {2}, à la ligne {3} : ce n’est pas un tableau.",
  "{0} ends abruptly at byte {1}, in row {2}. Is the download complete? Export the file again.":
    "{0} s’interrompt à l’octet {1}, à la ligne {2}. Le téléchargement est-il complet ? Exportez de nouveau le fichier.",
  "{0} is not valid JSON at byte {1}, in row {2}. There is no telling where the next row begins: correct the file, or write one record per line.":
    "{0} n’est pas un JSON valide à l’octet {1}, à la ligne {2}. Rien ne dit où commence la ligne suivante : corrigez le fichier, ou écrivez un enregistrement par ligne.",
  "{0} ends abruptly in row {1}, at byte {2}.": "{0} s’interrompt au milieu de la ligne {1}, à l’octet {2}.",
  "{0} continues after the end of its list, at byte {1}, with something that is not JSON. Was the file damaged, or put together from several?":
    "{0} continue après la fin de sa liste, à l’octet {1}, avec quelque chose qui n’est pas du JSON. Le fichier a-t-il été endommagé, ou assemblé à partir de plusieurs ?",
  "{0} ends abruptly at byte {1}: the object around the records is never closed. Is the download complete?":
    "{0} s’interrompt à l’octet {1} : l’objet qui entoure les enregistrements n’est jamais fermé. Le téléchargement est-il complet ?",
  "{0} is JSON, which is UTF-8 (or UTF-16), not {1}. Save the file as UTF-8.":
    "{0} est un fichier JSON, donc en UTF-8 (ou UTF-16), et non en {1}. Enregistrez le fichier en UTF-8.",

  "{0} could not be read within {1} s. Save it again with the program it came from, or as CSV.":
    "{0} n’a pas pu être analysé en {1} s. Enregistrez-le de nouveau avec le programme d’où il vient, ou en CSV.",
  "The start of the file does not fit in memory. Save it as CSV.":
    "Le début du fichier ne tient pas en mémoire. Enregistrez-le en CSV.",
  "The server was busy with another file. Try again.": "Le serveur était occupé par un autre fichier. Réessayez.",
};
