/** What does not fit between an importer and its tables, in French. */
export const tables = {
  'The database user may not use the schema {0}, which holds the table {1} of the importer "{2}". The schema\'s owner must grant it.':
    "L’utilisateur de la base de données n’a pas accès au schéma {0}, où se trouve la table {1} du type d’import « {2} ». Le propriétaire du schéma doit l’accorder.",
  '{0} does not accept new records: the importer "{1}" needs a table, or a view that Postgres can insert into.':
    "{0} n’accepte pas de nouveaux enregistrements : le type d’import « {1} » a besoin d’une table, ou d’une vue dans laquelle Postgres peut insérer.",
  '{0}.{1} must not be null and has no default, but no field of the importer "{2}" feeds it. Add a field or a default.':
    "{0}.{1} ne peut pas être nulle et n’a pas de valeur par défaut, et aucun champ du type d’import « {2} » ne la remplit. Ajoutez un champ ou une valeur par défaut.",
  'The field "{0}" of the importer "{1}" is of kind {2}, which does not fit {3} of type {4}. Choose another kind, or another column.':
    "Le champ « {0} » du type d’import « {1} » est de type {2}, ce qui ne convient pas à {3}, de type {4}. Choisissez un autre type de champ ou une autre colonne.",
  'Duplicates cannot be matched on "{0}" of the importer "{1}": {2}.{3} is {4}, which Postgres cannot compare with a field of kind {5}. Choose another kind, or another column.':
    "Les doublons ne peuvent pas être reconnus par « {0} » du type d’import « {1} » : {2}.{3} est de type {4}, que Postgres ne compare pas à un champ de type {5}. Choisissez un autre type de champ ou une autre colonne.",
  'The context value "{0}" of the importer "{1}" is of type {2}, and {3}.{4} is {5}. Set its `type`: text, uuid, bigint or integer.':
    "La valeur de contexte « {0} » du type d’import « {1} » est de type {2}, et {3}.{4} de type {5}. Indiquez son `type` : text, uuid, bigint ou integer.",
  '`{0}` of the importer "{1}" writes {2}, and {3}.{4} is {5}. Name another column.':
    "`{0}` du type d’import « {1} » écrit une valeur de type {2}, et {3}.{4} est de type {5}. Indiquez une autre colonne.",
  'The database has no table {0}, where `{1}` of the importer "{2}" looks up values. Create it, or name another.':
    "La base de données n’a pas de table {0}, où `{1}` du type d’import « {2} » cherche des valeurs. Créez-la, ou indiquez-en une autre.",
  'The table {0} has no column {1}, by which `{2}` of the importer "{3}" looks up values. Add it, or name another.':
    "La table {0} n’a pas de colonne {1}, par laquelle `{2}` du type d’import « {3} » cherche des valeurs. Ajoutez-la, ou indiquez-en une autre.",
  '`{0}` of the importer "{1}" stores {2}.{3} of type {4} in {5}.{6} of type {7}. Name an `id` of a matching type, or another column.':
    "`{0}` du type d’import « {1} » enregistre {2}.{3}, de type {4}, dans {5}.{6}, de type {7}. Indiquez un `id` qui convient, ou une autre colonne.",
  'The database has no table {0}, where `history` of the importer "{1}" records changes. Create it, or name another.':
    "La base de données n’a pas de table {0}, où `history` du type d’import « {1} » note ce qui arrive aux enregistrements. Créez-la, ou indiquez-en une autre.",
  'The table {0} has no column {1}, which `history` of the importer "{2}" writes. Add it, or name another.':
    "La table {0} n’a pas de colonne {1}, que `history` du type d’import « {2} » écrit. Ajoutez-la, ou indiquez-en une autre.",
  '`{0}` of the importer "{1}" names {2}.{3} of type {4}, which cannot hold the value. Name another column.':
    "`{0}` du type d’import « {1} » indique {2}.{3}, dont le type {4} ne peut pas contenir cette valeur. Indiquez une autre colonne.",
  '{0}.{1} must not be null and has no default, but `history` of the importer "{2}" does not fill it. Add a default.':
    "{0}.{1} ne peut pas être nulle et n’a pas de valeur par défaut, et `history` du type d’import « {2} » ne la remplit pas. Ajoutez une valeur par défaut.",
  "{0}.{1} must not be null, but a new record has no earlier values. Allow it to be null.":
    "{0}.{1} ne peut pas être nulle, et un enregistrement créé n’a pas de valeurs antérieures. Autorisez les valeurs nulles.",
  'The database user {0} may not use the sequence {1}, which numbers new records of the importer "{2}". Run: grant usage on sequence {3} to {4}':
    "L’utilisateur {0} de la base de données n’a pas accès à la séquence {1}, qui numérote les nouveaux enregistrements du type d’import « {2} ». Exécutez : grant usage on sequence {3} to {4}",
  'The loader of the importer "{0}" cannot run: {1}. Correct what `load` returns.':
    "Le chargement propre au type d’import « {0} » ne peut pas s’exécuter : {1}. Corrigez ce que `load` renvoie.",
  'The validator of the field "{0}" of the importer "{1}" is asynchronous. Look up values with field.reference, or make it synchronous.':
    "Le validateur du champ « {0} » du type d’import « {1} » est asynchrone. Cherchez les valeurs avec field.reference, ou rendez-le synchrone.",
  "The database user {0} may not use Sluice's own tables: {1}. Their owner must grant it.":
    "L’utilisateur {0} de la base de données n’a pas accès aux tables de Sluice : {1}. Leur propriétaire doit l’accorder.",
  "`load` must return the text of a statement": "`load` doit renvoyer le texte d’une instruction",
};
