/** What an import is made of, in French: its type, columns and fields, options, owners, templates. */
export const mapping = {
  'There is no importer "{0}". Available: {1}. Add others to sluice.config.ts; the ones that come with Sluice are in "sluice/importers".':
    "Il n’y a pas de type d’import « {0} ». Il y a : {1}. Les autres se déclarent dans sluice.config.ts ; ceux livrés avec Sluice s’importent depuis « sluice/importers ».",
  'There is no importer "{0}", or you may not use it.':
    "Il n’y a pas de type d’import « {0} », ou vous n’y avez pas accès.",
  "The request does not say which importer to use.": "La requête n’indique pas le type d’import.",
  'Import {0} was made with the importer "{1}", not the one named in the request.':
    "L’import {0} a été fait avec le type d’import « {1} », et non celui qu’indique la requête.",
  'Import {0} belongs to "{1}", not to "{2}".': "L’import {0} est du type « {1} », et non « {2} ».",
  "The request must name one file: an upload, or an earlier import whose file is still kept.":
    "La requête doit désigner un seul fichier : un envoi, ou un import antérieur dont le fichier est encore conservé.",
  "The part `import` of the form does not match the documentation.":
    "La partie « import » du formulaire n’est pas conforme à la documentation.",
  'The part `import` of the form must be a JSON object, such as {"importer": "leads"}.':
    'La partie « import » du formulaire doit être un objet JSON, comme {"importer": "leads"}.',

  '"{0}" does not say which of several rows count. Use one of: {1}.':
    "« {0} » ne dit pas quelles lignes comptent parmi plusieurs. Choisissez parmi : {1}.",
  "No column of the file feeds any field, so there is nothing to import. Its columns are: {0}. The fields are: {1}.":
    "Aucune colonne du fichier n’alimente de champ : il n’y a rien à importer. Ses colonnes : {0}. Les champs : {1}.",
  '"{0}" is no time zone. Use UTC, an offset such as +02:00, or a name such as Europe/Paris.':
    "« {0} » n’est pas un fuseau horaire. Indiquez UTC, un décalage comme +02:00, ou un nom comme Europe/Paris.",
  "No column feeds: {0}.": "Aucune colonne n’alimente : {0}.",
  "Some columns need a decision: {0}. Settle them, or accept the suggestions.":
    "Certaines colonnes demandent une décision : {0}. Tranchez, ou acceptez les propositions.",
  '"{0}" → {1} ({2})': "« {0} » → {1} ({2})",
  ambiguous_field: "plusieurs colonnes possibles",
  date_order: "ordre des dates",
  date_serial: "dates ou nombres",
  decimal_mark: "virgule ou point",
  separator: "séparateur des valeurs",
  similar_name: "nom proche",
  time_zone: "fuseau horaire",
  "The mapping of import {0} is being changed elsewhere. Check it and try again.":
    "Les colonnes de l’import {0} sont en train d’être modifiées ailleurs. Regardez-les, puis réessayez.",
  'The columns "{0}" and "{1}" would both feed "{2}". Leave one of them out in the same request.':
    "Les colonnes « {0} » et « {1} » iraient toutes deux dans « {2} ». Laissez l’une d’elles de côté en même temps.",
  'The column "{0}" is named twice. Name it once, with the field it feeds.':
    "La colonne « {0} » est indiquée deux fois. Dites une seule fois où elle va.",
  'There is no field "{0}". The fields are: {1}.': "Il n’y a pas de champ « {0} ». Les champs sont : {1}.",
  'Two columns are mapped to the field "{0}". Choose one of them.':
    "Deux colonnes sont associées au champ « {0} ». Choisissez-en une.",
  'The file has no column "{0}". Its columns are: {1}.':
    "Le fichier n’a pas de colonne « {0} ». Ses colonnes sont : {1}.",
  'The value map turns "{0}" into "{1}", which is not one of: {2}.':
    "La valeur « {0} » deviendrait « {1} », qui n’est pas l’un de ces choix : {2}.",
  "The way the file of import {0} is read has just changed. Check its columns and try again.":
    "Le fichier de l’import {0} vient d’être relu autrement. Regardez ses colonnes, puis réessayez.",
  "This file is {0}, which has no sheets.": "Ce fichier est au format {0}, qui n’a pas de feuilles.",
  "This file is {0}, which has no delimiter.": "Ce fichier est au format {0}, qui n’a pas de séparateur.",
  "This file is {0}, which encloses no cells in quotes.":
    "Ce fichier est au format {0}, où aucune cellule n’est entre guillemets.",
  "This file is {0}, which declares its own encoding.":
    "Ce fichier est au format {0}, qui déclare lui-même son encodage.",

  "Import {0} is {1}, so its mapping and options cannot change. Reopen it to change them, or upload the file again as a new import.":
    "L’import {0} est {1} : ses colonnes et ses réglages ne changent plus. Rouvrez-le pour les modifier, ou importez de nouveau le fichier.",
  "Import {0} is ready; changing how the file is read means reading it again. Reopen the import first, which discards its edits.":
    "L’import {0} est à vérifier : lire le fichier autrement oblige à le relire en entier. Rouvrez d’abord ses réglages ; les corrections de lignes seront perdues.",
  "Import {0} is already ready. Commit it instead.":
    "L’import {0} est déjà à vérifier : lancez l’import lui-même, plutôt que l’import sans vérification.",
  'Duplicates are matched on "{0}", which no column feeds. Map a column to it, or remove it from the keys.':
    "Les doublons doivent être reconnus par « {0} », qu’aucune colonne n’alimente. Associez-lui une colonne, ou ne l’utilisez pas pour les reconnaître.",
  'The field "{0}" takes columns as they are. Name the columns that feed it.':
    "Le champ « {0} » prend des colonnes telles quelles. Nommez celles qui l’alimentent.",
  'Duplicates cannot be matched on "{0}", which holds several values. Choose a field of one value.':
    "« {0} » contient plusieurs valeurs et ne peut pas reconnaître les doublons. Choisissez un champ d’une seule valeur.",
  "A key of several fields has none. Name its fields, or leave it out.":
    "Une clé de plusieurs champs n’en a aucun. Nommez ses champs, ou retirez-la.",
  'Duplicates are matched on "{0}" twice. Name it once.':
    "Les doublons sont recherchés deux fois par « {0} ». Ne le nommez qu’une fois.",
  "Duplicates can be matched on at most {0} keys, not {1}.":
    "Les doublons se recherchent par {0} clés au plus, pas {1}.",
  "Only records that are there are updated, and no column feeds a field to recognise them by: {0}. Map a column to one of them, or choose another mode.":
    "Seuls les enregistrements existants sont mis à jour, et aucune colonne n’alimente un champ pour les reconnaître : {0}. Associez une colonne à l’un d’eux, ou choisissez un autre mode.",
  'The importer "{0}" does not offer the mode "{1}". It offers: {2}.':
    "Le type d’import « {0} » ne propose pas le mode « {1} ». Il propose : {2}.",
  'Duplicates cannot be matched on "{0}": it is not one of {1}.':
    "Les doublons ne peuvent pas être reconnus par « {0} » : ce n’est pas l’un de {1}.",
  'Duplicates of import {0} cannot be found by "{1}": some of its cells are numbers that a spreadsheet has shortened, such as 3.36E+10. Reopen the import to use it as a key; those rows are then reported, so that they can be corrected.':
    "Les doublons de l’import {0} ne peuvent pas être reconnus par « {1} » dans son état actuel : certaines de ses cellules sont des nombres abrégés par un tableur, comme 3,36E+10. Rouvrez les réglages de l’import pour l’utiliser ; ces lignes seront alors signalées, pour être corrigées.",
  'The strategy "{0}" is not one of: {1}.': "« {0} » n’est pas l’une des façons de traiter les doublons : {1}.",
  'There is no field "{0}" to merge. The fields are: {1}.':
    "Il n’y a pas de champ « {0} » à mettre à jour. Les champs sont : {1}.",
  '"{0}" is not a merge rule for "{1}". Use one of: {2}.':
    "« {0} » n’est pas une façon de mettre à jour « {1} ». Choisissez parmi : {2}.",
  'The importer "{0}" needs the context value "{1}".':
    "Le type d’import « {0} » a besoin de la valeur de contexte « {1} ».",
  'The context value "{0}" of the importer "{1}" is "{2}", which is not a valid {3}.':
    "La précision « {0} » du type d’import « {1} » vaut « {2} », ce qui n’est pas du type {3}.",
  'The importer "{0}" has no record "{1}". It has: {2}.':
    "Le type d’import « {0} » n’a pas d’enregistrement « {1} ». Il a : {2}.",
  'The importer "{0}" has no context value "{1}". It has: {2}.':
    "Le type d’import « {0} » n’a pas de précision « {1} ». Il a : {2}.",
  none: "aucune",

  'The importer "{0}" does not assign owners.': "Le type d’import « {0} » n’attribue pas de responsables.",
  "{0} has no owner called {1}. Correct the assignment.": "Personne dans {0} ne s’appelle {1}. Corrigez l’attribution.",
  "Import {0} assigns records to owners who are not in {1} for its context: {2}. Change the assignment.":
    "L’import {0} attribue des enregistrements à des propriétaires absents de {1} pour son contexte : {2}. Modifiez l’attribution.",
  '"{0}"': "« {0} »",
  'The assignment names the column "{0}", which the file does not have.':
    "L’attribution se fait selon la colonne « {0} », que le fichier n’a pas.",
  'The owners of "{0}" depend on a context ({1}), so an import must be named.':
    "Les responsables de « {0} » dépendent d’un contexte ({1}) : il faut indiquer un import.",
  "Import {0} does not assign owners by a column, so there are none to compare.":
    "L’import {0} n’attribue pas selon une colonne ; ses responsables peuvent être comparés quand il le fait et qu’il est à vérifier.",
  "Import {0} is {1}; its owners can be compared once it is ready.":
    "L’import {0} est {1} ; ses responsables peuvent être comparés quand il est à vérifier et attribue selon une colonne.",

  "There is no template {0}.": "Le modèle {0} n’existe pas.",
  "There is no template {0}, or it is not yours.": "Le modèle {0} n’existe pas, ou n’est pas à vous.",
  'There is no template {0} for the importer "{1}".': "Le type d’import « {1} » n’a pas de modèle {0}.",
  'The column "{0}" is joined twice for the field "{1}". Name each column once.':
    "La colonne « {0} » est jointe deux fois pour le champ « {1} ». Indiquez chaque colonne une seule fois.",
  'No columns are named to be joined for the field "{0}". Name at least one.':
    "Aucune colonne n’est indiquée pour composer le champ « {0} ». Indiquez-en au moins une.",
  'Pieces of the column "{0}" are counted from 1, or from the end with -1.':
    "Les morceaux de la colonne « {0} » se comptent à partir de 1, ou depuis la fin avec -1.",
  'The constant for the field "{0}" is blank. Enter a value, or leave the field out.':
    "La valeur fixe du champ « {0} » est vide. Saisissez-en une, ou n’alimentez pas le champ.",
  'The field "{0}" is fed twice. Choose one way.':
    "Le champ « {0} » est alimenté deux fois. Choisissez une seule façon.",
  'The separator that the column "{0}" is split by is empty. Enter one, such as ";".':
    "Le séparateur selon lequel découper la colonne « {0} » est vide. Saisissez-en un, par exemple « ; ».",
  suggested_split: "partie d’une colonne proposée",
  'The field "{0}" is made of the row\'s other fields: no column feeds it. Leave it out of the mapping.':
    "Le champ « {0} » se déduit des autres champs de la ligne : aucune colonne ne l’alimente. Retirez-le de la correspondance.",
  '"{0}" is none of the choices of the field "{1}". Use one of: {2}.':
    "« {0} » n’est pas un des choix du champ « {1} ». Utilisez l’un de ceux-ci : {2}.",
  '"{0}" is no value for the field "{1}". Enter one such as {2}.':
    "« {0} » ne convient pas au champ « {1} ». Saisissez une valeur comme {2}.",
  '"{0}" is no value that the field "{1}" takes. Enter another one.':
    "Le champ « {1} » n’accepte pas « {0} ». Saisissez une autre valeur.",
};
