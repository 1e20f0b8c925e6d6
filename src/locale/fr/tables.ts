/** What does not fit between an importer and its tables, in French. */
export const tables = {
  'The database user may not use the schema {0}, which holds the table {1} of the importer "{2}". The schema\'s owner must grant it.':
    "L’utilisateur de la base de données n’a pas accès au schéma {0}, où se trouve la table {1} du type d’import « {2} ». Le propriétaire du schéma doit l’accorder.",
  "{0} has the rule {1} on new records, with which Postgres accepts no statement of an import. Make it a trigger.":
    "{0} a la règle {1} sur les nouveaux enregistrements, avec laquelle Postgres n’accepte aucune instruction d’un import. Faites-en un déclencheur.",
  "{0} is partitioned and has no partition, so that no record can go in. Create one.":
    "{0} est partitionnée et n’a aucune partition : aucun enregistrement ne peut y entrer. Créez-en une.",
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
  'Importer "{0}": {1} failed: {2}. Correct its query.':
    "Type d’import « {0} » : {1} a échoué : {2}. Corrigez sa requête.",
  "`find` must return the text of a query": "`find` doit renvoyer le texte d’une requête",
  "An importer's own SQL contains \"{0}\". It runs in Sluice's transaction, which commits its records together with their counts: remove it.":
    "Le SQL propre au type d’import contient « {0} ». Il s’exécute dans la transaction de Sluice, qui valide les enregistrements en même temps que leurs décomptes : retirez cette instruction.",
  'The loader of the importer "{0}" cannot run: {1}. Correct what `load` returns.':
    "Le chargement propre au type d’import « {0} » ne peut pas s’exécuter : {1}. Corrigez ce que `load` renvoie.",
  'The validator of the field "{0}" of the importer "{1}" is asynchronous. Look up values with field.reference, or make it synchronous.':
    "Le validateur du champ « {0} » du type d’import « {1} » est asynchrone. Cherchez les valeurs avec field.reference, ou rendez-le synchrone.",
  "The database user {0} may not use Sluice's own tables: {1}. Their owner must grant it.":
    "L’utilisateur {0} de la base de données n’a pas accès aux tables de Sluice : {1}. Leur propriétaire doit l’accorder.",
  "`load` must return the text of a statement, or run its statements and return nothing":
    "`load` doit renvoyer le texte d’une instruction, ou exécuter lui-même les siennes et ne rien renvoyer",
  'Every row is in, but the `finish` of the importer "{0}" failed: {1}. Correct it, then retry the import.':
    "Toutes les lignes sont enregistrées, mais le `finish` de l’importateur « {0} » a échoué : {1}. Corrigez-le, puis relancez l’import.",
  'The table {0} has no column {1}, the id of the record "{2}" of the importer "{3}". Set the record\'s `id` to the primary key, or to null if the key has several columns.':
    "La table {0} n’a pas de colonne {1}, l’identifiant de l’enregistrement « {2} » du type d’import « {3} ». Indiquez la clé primaire dans son `id`, ou null si elle a plusieurs colonnes.",
  'The table {0} has no column {1}, which the record "{2}" of the importer "{3}" fills. Add it, or name another column in the record.':
    "La table {0} n’a pas de colonne {1}, que l’enregistrement « {2} » du type d’import « {3} » remplit. Ajoutez-la, ou indiquez une autre colonne dans l’enregistrement.",
  'The record "{0}" of the importer "{1}" stores {2} in {3}.{4} of type {5}, which cannot hold it. Name another column.':
    "L’enregistrement « {0} » du type d’import « {1} » écrit {2} dans {3}.{4}, dont le type {5} ne peut pas le contenir. Indiquez une autre colonne.",
  '`others` of the record "{0}" of the importer "{1}" needs a table of this database, and {2} is a view, a foreign table or spread over several machines. Omit `others`.':
    "L’option `others` de l’enregistrement « {0} » du type d’import « {1} » exige une table de cette base, or {2} est une vue, une table étrangère ou répartie sur plusieurs machines. Retirez `others`.",
  '`versions` of the record "{0}" of the importer "{1}" needs columns of type timestamptz, and {2}.{3} is {4}. Change its type, or name another column.':
    "`versions` de l’enregistrement « {0} » du type d’import « {1} » demande des colonnes de type timestamptz, et {2}.{3} est de type {4}. Changez son type, ou indiquez une autre colonne.",
  '{0}.{1} must not be null, but the current version of the record "{2}" of the importer "{3}" has no end. Allow it to be null.':
    "{0}.{1} ne peut pas être nulle, et la version courante de l’enregistrement « {2} » du type d’import « {3} » n’a pas de fin. Autorisez les valeurs nulles.",
  'The record "{0}" of the importer "{1}" stores its parent\'s id of type {2} in {3}.{4} of type {5}, which cannot hold it. Name another column.':
    "L’enregistrement « {0} » du type d’import « {1} » écrit l’identifiant de son parent, de type {2}, dans {3}.{4}, dont le type {5} ne peut pas le contenir. Indiquez une autre colonne.",
  '{0}.{1} must not be null, but the first step of a path of the record "{2}" of the importer "{3}" has no parent. Allow it to be null.':
    "{0}.{1} ne peut pas être nulle, et le premier niveau d’un chemin de l’enregistrement « {2} » du type d’import « {3} » n’a pas de parent. Autorisez les valeurs nulles.",
  'The database has no table {0}, which links the record "{1}" of the importer "{2}" to "{3}". Create it, or name another.':
    "La base de données n’a pas de table {0}, qui relie l’enregistrement « {1} » du type d’import « {2} » à « {3} ». Créez-la, ou indiquez-en une autre.",
  'The field "{0}" of the importer "{1}" holds ids of {2}, and in the record "{3}" nothing tests whose they are. Look them up with field.reference, or set shared: true if they are everybody\'s.':
    "Le champ « {0} » du type d’import « {1} » contient des identifiants de {2}, et rien ne vérifie à qui ils appartiennent dans l’enregistrement « {3} ». Cherchez-les avec field.reference, ou indiquez shared: true s’ils sont à tout le monde.",
  '{0}.{1} must not be null and has no default, but no field of the importer "{2}" feeds it. Add a field or a default, say it in `target.set` (`now()`, `onCreate(() => …)`), or, where the database fills it, in `target.filledByDatabase`.':
    "{0}.{1} ne peut pas être nulle et n’a pas de valeur par défaut, mais aucun champ du type d’import « {2} » ne l’alimente. Ajoutez un champ ou une valeur par défaut, indiquez-la dans `target.set` (`now()`, `onCreate(() => …)`) ou, si la base la remplit, dans `target.filledByDatabase`.",
  '{0}.{1} must not be null and has no default, but the record "{2}" of the importer "{3}" does not fill it. Say it in the record\'s `set`, or, where the database fills it, in its `filledByDatabase`.':
    "{0}.{1} ne peut pas être nulle et n’a pas de valeur par défaut, mais l’enregistrement « {2} » du type d’import « {3} » ne la remplit pas. Indiquez-la dans `set` de l’enregistrement ou, si la base la remplit, dans son `filledByDatabase`.",
  '{0}.{1} is generated by the database, but `target.set` of the importer "{2}" would fill it. Remove it there.':
    "{0}.{1} est générée par la base, mais `target.set` du type d’import « {2} » la remplirait. Retirez-la de là.",
};
