/** Rows under review, in French. */
export const review = {
  "A text of more than {0} characters with accents can only be searched for exactly as it is written. Make the search case-sensitive.":
    "Un texte de plus de {0} caractères avec des accents ne peut être cherché que tel qu’il est écrit. Respectez la casse dans la recherche.",
  "Import {0} is {1}: rows can only be edited while it is ready.":
    "L’import {0} est {1} : ses lignes ne se modifient que lorsqu’il est à vérifier.",
  "Import {0} has no row {1}: rows are numbered as in the file, starting at 1.":
    "L’import {0} n’a pas de ligne {1} : les lignes sont numérotées comme dans le fichier, à partir de 1.",
  "Import {0} has no row {1}, or it is blank in the file.":
    "L’import {0} n’a pas de ligne {1}, ou elle est vide dans le fichier.",
  "Import {0} moved on just after row {1} was edited.":
    "L’import {0} a changé d’état juste après la modification de la ligne {1}.",
  "Import {0}: another edit was made after edit {1}. Take that one back first.":
    "Import {0} : une autre modification a suivi la modification {1}. Annulez d’abord celle-là.",
  "Import {0}: a newer version of Sluice has begun an edit that this one does not know. Try again when it has finished.":
    "Import {0} : une version plus récente de Sluice a commencé une modification que celle-ci ne connaît pas. Réessayez quand elle sera terminée.",
  "Import {0}: another edit of many rows is in progress. Try again when it has finished.":
    "Import {0} : une autre modification de nombreuses lignes est en cours. Réessayez quand elle sera terminée.",
  "An edit of many rows of import {0} is not finished. It continues on its own: commit in a moment, or take the edit back.":
    "Une modification de nombreuses lignes de l’import {0} n’est pas terminée. Elle continue d’elle-même : importez dans un instant, ou annulez-la.",
  "Import {0} has no edit to take back.": "L’import {0} n’a pas de modification à annuler.",
  "The database crashed and lost the staged rows of import {0}. They are being read from the file again, and edits are kept. Try again when it is ready.":
    "La base de données est tombée et a perdu les lignes vérifiées de l’import {0} ; elles sont relues depuis le fichier, et vos corrections sont gardées. Réessayez quand il sera de nouveau à vérifier.",
  'The rows of import {0} have no column "{1}".': "Les lignes de l’import {0} n’ont pas de colonne « {1} ».",
  'A cell of the column "{0}" has several values, so rows cannot be filtered by one of them. Search for it instead.':
    "Une cellule de la colonne « {0} » contient plusieurs valeurs : les lignes ne se filtrent pas par l’une d’elles. Cherchez-la plutôt.",
  "Rows can be filtered by at most {0} kinds of issue at once.":
    "Les lignes se filtrent par {0} types de problème au plus à la fois.",
  "Rows can be filtered by at most {0} values of {1} columns at once.":
    "Les lignes se filtrent par {0} valeurs de {1} colonnes au plus à la fois.",
  "A value to filter by has more than {0} characters. Give its first {1}.":
    "Une valeur du filtre compte plus de {0} caractères. Donnez les {1} premiers.",
  "A value to filter by contains a character that text cannot have: NUL, or half of a surrogate pair.":
    "Une valeur du filtre contient un caractère qu’aucun texte ne peut contenir : NUL, ou la moitié d’une paire de substitution.",
  'No column of import {0} feeds a field "{1}".': "Aucune colonne de l’import {0} ne va dans un champ « {1} ».",
  'The file of import {0} has no column "{1}".': "Le fichier de l’import {0} n’a pas de colonne « {1} ».",
  'The column "{0}" of import {1} feeds no field, so editing it would change nothing.':
    "La colonne « {0} » de l’import {1} ne va dans aucun champ : la modifier ne changerait rien.",
  "Row {0} of import {1} would be blank, and blank rows are ignored. Keep at least one value in it.":
    "Il ne resterait rien de la ligne {0} de l’import {1}, et une ligne vide n’en est pas une. Laissez-y une valeur.",
  "Row {0} of import {1} cannot be corrected here ({2}): its cells are not the columns of the table. Correct it in the file of rejected rows, and import that.":
    "La ligne {0} de l’import {1} ne peut pas être corrigée ici ({2}) : ses cellules ne correspondent pas aux colonnes du tableau. Corrigez-la dans le fichier des lignes rejetées, et importez celui-ci.",
  row_too_long: "trop de cellules",
  row_too_large: "plus de 4 Mio",
  quote_unclosed: "guillemet jamais fermé",
  outside_table: "sous la fin du tableau",
  row_number_repeated: "numéro de ligne répété ou dans le désordre",
  "The value": "La valeur",
  "The new value": "La nouvelle valeur",
  "The replacement": "Le texte de remplacement",
  "The text to find": "Le texte à rechercher",
  "{0} has {1} characters; a cell can have at most {2}.":
    "{0} compte {1} caractères ; une cellule en contient au plus {2}.",
  "{0} contains a NUL character, which text cannot have.":
    "{0} contient un caractère NUL, qu’aucun texte ne peut contenir.",
  "{0} contains a broken character (U+FFFD, or half of a surrogate pair). Type it again.":
    "{0} contient un caractère abîmé (U+FFFD, ou la moitié d’une paire de substitution). Saisissez-le de nouveau.",
  'The new value is the same as the old one, "{0}". Enter a different one.':
    "La nouvelle valeur est la même que l’ancienne, « {0} ». Donnez-en une autre.",
  "The replacement is the same as the text. Enter a different one.":
    "Le texte de remplacement est le texte lui-même. Donnez-en un autre.",
  "Enter the text to find. Blank cells can only be found as whole cells of one field.":
    "Dites ce qu’il faut rechercher ; les cellules vides se recherchent en tant que cellules entières d’un seul champ.",
  'Row {0} is valid, and of the columns that "{1}" is joined from no cells are kept. Edit the field "{2}" itself.':
    "La ligne {0} est valide, et les cellules dont se compose « {1} » ne sont pas conservées. Modifiez le champ « {2} » lui-même.",
  'The field "{0}" is made of the row\'s other fields. Edit those.':
    "Le champ « {0} » se déduit des autres champs de la ligne. Modifiez ceux-ci.",
  'The field "{0}" has no such repair for this kind of issue.':
    "Le champ « {0} » n’a pas de correction de ce genre pour ce type de problème.",
  "Two of the fields are the same cell of a row. Name each cell once.":
    "Deux des champs désignent la même cellule d’une ligne. Ne nommez chaque cellule qu’une fois.",
  "The edit names no cell. Name at least one field and one row.":
    "La modification ne nomme aucune cellule. Indiquez au moins un champ et une ligne.",
  "One edit can have at most {0} rows and {1} cells. Divide it, or use find and replace.":
    "Une modification porte sur {0} lignes et {1} cellules au plus. Divisez-la, ou utilisez Rechercher et remplacer.",
  "Each row of the edit needs its number in the file, from 1, and stands in it once.":
    "Chaque ligne de la modification porte son numéro dans le fichier, à partir de 1, et n’y figure qu’une fois.",
  "Row {0} of import {1} is left out. Put it back in before you edit it.":
    "La ligne {0} de l’import {1} est laissée de côté. Réintégrez-la avant de la modifier.",
  "The edit names no row. Give the numbers of rows, the first or last of them, or a filter.":
    "La modification ne nomme aucune ligne. Indiquez des numéros de ligne, le premier ou le dernier, ou un filtre.",
  "One edit can name at most {0} rows one by one. Give the first and the last of them, or a filter.":
    "Une modification nomme au plus {0} lignes une à une. Indiquez la première et la dernière, ou un filtre.",
  "Row {0} of the edit has {1} {1:value|values} for {2} {2:field|fields}.":
    "La ligne {0} de la modification a {1} {1:valeur|valeurs} pour {2} {2:champ|champs}.",
  "Row {0} of import {1} is no duplicate, as far as its last dry run knows. Make a dry run to have them looked for again.":
    "La ligne {0} de l’import {1} n’est pas un doublon d’après sa dernière simulation. Lancez une simulation pour les rechercher de nouveau.",
  "Which rows of import {0} are duplicates is not known any more. Make a dry run, and try again.":
    "On ne sait plus quelles lignes de l’import {0} sont des doublons. Lancez une simulation, puis réessayez.",
  'The importer "{0}" loads by its own code, or makes several records of a row: what becomes of its duplicates is decided for all of them, by the import\'s options.':
    "L’importeur « {0} » charge par son propre code ou fait plusieurs enregistrements d’une ligne : le sort de ses doublons se décide pour tous, dans les options de l’import.",
};
