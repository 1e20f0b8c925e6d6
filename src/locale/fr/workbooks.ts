/** Workbooks that cannot be read, in French: their sheets, and damage in the archive or the XML that they are made of. */
export const workbooks = {
  "{0}: its cells hold more than {1} times the file's size, as in a zip bomb, so reading stopped. If the table is real, save it as CSV.":
    "{0} : ses cellules contiennent plus de {1} fois la taille du fichier, comme une bombe zip ; la lecture s’arrête là. Si le tableau est bien réel, enregistrez-le en CSV.",
  "{0} has no sheets. Is it a spreadsheet?": "{0} n’a aucune feuille. Est-ce un classeur ?",
  "{0} has no sheets. Open it in a spreadsheet program and save it again.":
    "{0} n’a aucune feuille. Ouvrez-le dans un tableur et enregistrez-le de nouveau.",
  "{0} has only empty sheets: no header and no rows.": "{0} n’a que des feuilles vides : ni en-tête, ni lignes.",
  "{0} has no sheet with rows. Available: {1}.": "{0} n’a aucune feuille avec des lignes. Il y a : {1}.",
  '{0} has no sheet "{1}". Available: {2}. Give one of these names, or its position starting at 1.':
    "{0} n’a pas de feuille « {1} ». Il y a : {2}. Indiquez l’une d’elles, ou sa place à partir de 1.",
  "{0} no longer has sheet {1} ({2}).": "{0} n’a plus de feuille {1} ({2}).",
  "{0} has more than {1} sheets. Is it the right file?": "{0} a plus de {1} feuilles. Est-ce le bon fichier ?",
  "{0} and {1} more": "{0} et {1} autres",
  "Sheet {0} ({1}) of {2} is empty. Choose another sheet.":
    "La feuille {0} ({1}) de {2} est vide. Choisissez une autre feuille.",
  "Sheet {0} ({1}) of {2} is a {3}: it has no rows. Choose another sheet.":
    "La feuille {0} ({1}) de {2} est {3} : elle n’a pas de lignes. Choisissez une autre feuille.",
  chartsheet: "une feuille de graphique",
  dialogsheet: "une boîte de dialogue",
  macrosheet: "une feuille de macros",

  "{0} is password-protected. Open it in a spreadsheet program, save it without a password, and try again.":
    "{0} est protégé par un mot de passe. Ouvrez-le dans un tableur, enregistrez-le sans mot de passe, puis réessayez.",
  "{0} is password-protected. Open it, remove the password, and save it.":
    "{0} est protégé par un mot de passe : ouvrez-le, retirez le mot de passe et enregistrez-le.",
  "{0} is password-protected. Open it in LibreOffice, save it without a password, and upload that file.":
    "{0} est protégé par un mot de passe. Ouvrez-le dans LibreOffice, enregistrez-le sans mot de passe et importez ce fichier-là.",
  "{0} is password-protected. Open it in Excel, save it as XLSX without a password, and upload that file.":
    "{0} est protégé par un mot de passe. Ouvrez-le dans Excel, enregistrez-le en XLSX sans mot de passe et importez ce fichier-là.",

  "{0} cannot be read. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} est illisible. Ouvrez-le dans Excel ou LibreOffice et enregistrez-le en XLSX.",
  "{0} cannot be read: it takes too much memory. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} est illisible : il demande trop de mémoire. Ouvrez-le dans Excel ou LibreOffice et enregistrez-le en XLSX.",
  "{0} cannot be read: it is damaged. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} est illisible : il est endommagé. Ouvrez-le dans Excel ou LibreOffice et enregistrez-le en XLSX.",
  "{0} cannot be read: it takes too long. Open it in Excel or LibreOffice and save it as XLSX.":
    "{0} est illisible : cela prend trop de temps. Ouvrez-le dans Excel ou LibreOffice et enregistrez-le en XLSX.",
  "{0} cannot be read: it is damaged or truncated. Download it again, or open it in LibreOffice and save it as XLSX.":
    "{0} est illisible : il est endommagé ou tronqué. Récupérez-le de nouveau, ou ouvrez-le dans LibreOffice et enregistrez-le en XLSX.",
  "{0} is an XLS workbook of more than {1} MB. Open it in Excel or LibreOffice and save it as XLSX, or as CSV.":
    "{0} est un classeur XLS de plus de {1} Mo. Ouvrez-le dans Excel ou LibreOffice et enregistrez-le en XLSX ou en CSV.",
  "{0} does not contain a readable workbook.": "{0} ne contient aucun classeur lisible.",
  "{0} is damaged: it {1}. Download the file again, or save it as XLSX.":
    "{0} est endommagé : il {1}. Récupérez de nouveau le fichier, ou enregistrez-le en XLSX.",
  "does not start the way a workbook does": "ne commence pas comme un classeur",
  "ends abruptly at byte {0} of its workbook": "s’interrompt à l’octet {0} de son classeur",
  "is missing one of its sheets": "a perdu l’une de ses feuilles",
  "The workbook has more than 4 GB of text. Save the sheet as CSV, or split the workbook.":
    "Le classeur contient plus de 4 Go de texte. Enregistrez la feuille en CSV, ou divisez le classeur.",
  "The workbook's text does not fit in the folder for temporary files, {0} ({1}). Free some space there, or point TMPDIR elsewhere.":
    "Le dossier des fichiers temporaires du serveur, {0}, ne peut pas accueillir le texte du classeur ({1}). Faites-y de la place, ou indiquez un autre dossier dans TMPDIR.",
  "No file can be created in the folder for temporary files, {0} ({1}). Point TMPDIR elsewhere.":
    "Aucun fichier ne peut être créé dans le dossier des fichiers temporaires du serveur, {0} ({1}). Indiquez un autre dossier dans TMPDIR.",

  "{0} is not a spreadsheet: content.xml, the part that would hold its tables, is missing. Open it in LibreOffice and save it again.":
    "{0} n’est pas une feuille de calcul : il manque la partie content.xml, qui contiendrait ses tableaux. Ouvrez-le dans LibreOffice et enregistrez-le de nouveau.",
  "{0} is not a workbook: {1}, the part that would describe it, is missing. Open it in a spreadsheet program and save it again.":
    "{0} n’est pas un classeur : il manque la partie {1}, qui le décrirait. Ouvrez-le dans un tableur et enregistrez-le de nouveau.",
  "{0} is damaged: the part that holds sheet {1} ({2}) is missing. Open the file in a spreadsheet program and save it again, or choose another sheet.":
    "{0} est endommagé : il manque la partie qui contient la feuille {1} ({2}). Ouvrez le fichier dans un tableur et enregistrez-le de nouveau, ou choisissez une autre feuille.",
  "{0} ({1}) lists more than {2} parts, which no workbook has. Is it the right file?":
    "{0} ({1}) nomme plus de {2} parties, ce qu’aucun classeur ne fait. Est-ce le bon fichier ?",
  "{0} has no row at the checkpoint ({1} in its sheet): it is not the file this import began with.":
    "{0} n’a pas de ligne à l’endroit où la lecture en était ({1} dans sa feuille) : ce n’est pas le fichier avec lequel cet import a commencé.",
  "{0} has no row at the checkpoint ({1} in its content): it is not the file this import began with.":
    "{0} n’a pas de ligne à l’endroit où la lecture en était ({1} dans son contenu) : ce n’est pas le fichier avec lequel cet import a commencé.",
  "{0} repeats filled rows over {1} cells, as a file made to fill a disk does, so it was not read. If the table is real, save it as CSV.":
    "{0} répète des lignes remplies sur {1} cellules, comme un fichier fait pour remplir un disque ; il n’est pas lu. Si le tableau est bien réel, enregistrez-le en CSV.",

  "{0} {1}: the workbook is damaged. Open it in a spreadsheet program, check it, and save it again.":
    "{0} {1} : le classeur est endommagé. Ouvrez-le dans un tableur, parcourez-le et enregistrez-le de nouveau.",
  "ends abruptly": "s’interrompt",
  "ends abruptly after row {0}": "s’interrompt après la ligne {0}",
  "is encrypted": "est chiffré",
  "repeats a row more times than a sheet can have rows":
    "répète une ligne plus de fois qu’une feuille ne peut avoir de lignes",
  "has a tag in the wrong place (in row {0} of a sheet)":
    "contient une balise là où il ne peut y en avoir (à la ligne {0} d’une feuille)",
  "has an unclosed cell in row {0}": "contient à la ligne {0} une cellule qui n’est pas fermée",
  "has an unclosed row {0}": "contient une ligne {0} qui n’est pas fermée",
  "has a closing tag after row {0} that closes nothing": "contient après la ligne {0} une balise qui ne ferme rien",
  "has a tag that does not end": "contient une balise qui ne se termine pas",

  "{0} is in the encoding {1}; workbooks are UTF-8 or UTF-16. Open the file in a spreadsheet program and save it again.":
    "{0} est écrit dans l’encodage {1} ; les tableurs écrivent en UTF-8 ou en UTF-16. Ouvrez le fichier dans un tableur et enregistrez-le de nouveau.",
  "{0} is damaged: it contains bytes that are not {1}. Open the file in a spreadsheet program and save it again.":
    "{0} est endommagé : certains de ses octets ne sont pas de l’{1}. Ouvrez le fichier dans un tableur et enregistrez-le de nouveau.",
  "{0} is in an encoding that workbooks do not use. Open the workbook in a spreadsheet program and save it again.":
    "{0} est écrit dans un encodage que les classeurs n’utilisent pas. Ouvrez le classeur dans un tableur et enregistrez-le de nouveau.",
  "{0} has a document type declaration, which no spreadsheet program writes, so it was not read. Open the workbook in a spreadsheet program and save it again.":
    "{0} contient une déclaration de type de document, ce qu’aucun tableur n’écrit : il est refusé. Ouvrez le classeur dans un tableur et enregistrez-le de nouveau.",
  "{0} declares the encoding {1}; workbooks are UTF-8 or UTF-16. Open it in a spreadsheet program and save it again.":
    "{0} se dit écrit en {1} ; les classeurs sont écrits en UTF-8 ou en UTF-16. Ouvrez-le dans un tableur et enregistrez-le de nouveau.",
  "{0} has a document type, which could pull in other files or grow without limit, so it was not read. No spreadsheet program writes one: open the file in one and save it again.":
    "{0} contient un type de document, qui peut appeler d’autres fichiers ou grossir sans limite ; aucun tableur n’en écrit. Il n’est pas lu. Ouvrez le fichier dans un tableur et enregistrez-le de nouveau.",
  "{0} is damaged: {1} (near character {2}). Open the file in a spreadsheet program and save it again.":
    "{0} est endommagé : {1} (vers le caractère {2}). Ouvrez le fichier dans un tableur et enregistrez-le de nouveau.",
  "it ends too early": "il se termine trop tôt",
  "there is text outside its root element": "il y a du texte hors de son élément racine",
  "a declaration is where none is allowed": "une déclaration se trouve là où il ne peut y en avoir",
  "{0} is missing": "il manque {0}",
  "it has a second root element": "il a un second élément racine",
  "a tag is malformed": "une balise est incorrecte",
  "a tag has no name": "une balise n’a pas de nom",
  "a quote is missing": "il manque un guillemet",
  "a tag has no end": "une balise n’a pas de fin",
  "elements are nested more than {0} levels deep": "des éléments s’imbriquent sur plus de {0} niveaux",
  "an element is not closed where it should be": "un élément n’est pas fermé là où il devrait l’être",
  "an attribute is malformed": "un attribut est incorrect",
  "{0} appears twice": "{0} y figure deux fois",
  "it refers to an entity or character that does not exist":
    "il renvoie à une entité ou à un caractère qui n’existe pas",

  "{0} is not a zip archive, so it is not a workbook either. Is it the right file?":
    "{0} n’est pas une archive zip, donc pas un classeur non plus. Est-ce le bon fichier ?",
  "{0} is an archive inside another archive, which cannot be read. Unpack it first.":
    "{0} : l’archive se trouve dans une autre et ne peut pas y être lue. Décompressez-la d’abord.",
  "{0} is a zip archive with more than {1} entries, or with very long names: far more than a table needs. Is it the right file?":
    "{0} a plus de {1} entrées dans son archive zip, ou des noms trop longs : bien plus qu’il n’en faut à un tableau. Est-ce le bon fichier ?",
  "{0} is damaged or truncated: its directory cannot be read. Download it again.":
    "{0} est endommagé ou tronqué : son répertoire est illisible. Récupérez-le de nouveau.",
  "{0} is damaged: {1}. Download the file again, or open it in a spreadsheet program and save it again.":
    "{0} est endommagé : {1}. Récupérez de nouveau le fichier, ou ouvrez-le dans un tableur et enregistrez-le.",
  "its zip directory has more than the {0} entries it declares":
    "son répertoire zip a plus d’entrées que les {0} qu’il annonce",
  "its zip directory cannot be read ({0})": "son répertoire zip est illisible ({0})",
  "it is truncated, with no directory at its end": "il est tronqué, le répertoire de la fin manque",
  "it is truncated inside {0}": "il est tronqué au milieu de {0}",
  "its zip archive has several entries named {0}": "son archive zip a plusieurs entrées nommées {0}",
  "{0} overlaps the next entry of the zip archive": "{0} empiète sur ce qui le suit dans l’archive zip",
  "{0} has {1} bytes, but {2} are declared": "{0} a {1} octets au lieu des {2} annoncés",
  "{0} fails its checksum": "la somme de contrôle de {0} est fausse",
  "{0} is not where the zip directory says": "{0} n’est pas là où le dit le répertoire zip",
  "{0} cannot be unpacked": "{0} ne peut pas être décompressé",
  "{0}: {1} is compressed with method {2}, which spreadsheets do not use. Unpack the file and compress it with Deflate, or save it again.":
    "{0} : {1} est compressé par la méthode {2}, que les tableurs n’utilisent pas. Décompressez le fichier et compressez-le avec Deflate, ou enregistrez-le de nouveau.",
  "{0}: {1} unpacks to more than {2}, far more than it needs. Open the file in a spreadsheet program, copy the table into a new one, and save that.":
    "{0} : une fois décompressé, {1} dépasse {2}, plus qu’il n’en faut à une telle partie. Ouvrez le fichier dans un tableur, copiez le tableau dans un nouveau classeur et enregistrez celui-ci.",
  "{0}: {1} unpacks to more than {2} times its size, as a zip bomb does, so it was not read. If the table is real, save it as CSV.":
    "{0} : une fois décompressé, {1} fait plus de {2} fois sa taille, comme une bombe zip ; il n’est pas lu. Si le tableau est bien réel, enregistrez-le en CSV.",
};
