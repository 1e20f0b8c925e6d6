/** Why an import cannot be undone, in French. */
export const undo = {
  "Import {0} cannot be undone: it is a dry run, which has written nothing.":
    "L’import {0} ne peut pas être annulé : c’est un essai à blanc, qui n’a rien écrit.",
  'Import {0} cannot be undone: it wrote to {1}, and the importer "{2}" now writes to {3}. Undo it with the importer as it was.':
    "L’import {0} ne peut pas être annulé : il a écrit dans {1}, et le type d’import « {2} » écrit maintenant dans {3}. Annulez-le avec le type d’import tel qu’il était.",
  "Import {0} cannot be undone: {1} is a view or a foreign table, whose records do not show who has changed them. Delete what the import created by hand.":
    "L’import {0} ne peut pas être annulé : {1} est une vue ou une table étrangère, dont les enregistrements ne montrent pas qui les a modifiés. Supprimez à la main ce que l’import a créé.",
  "Import {0} cannot be undone: {1}.{2} has no primary key or unique index, so that an id may stand for several records. Add one: create unique index on {3} ({4})":
    "L’import {0} ne peut pas être annulé : {1}.{2} n’a ni clé primaire ni index unique, si bien qu’un identifiant peut désigner plusieurs enregistrements. Ajoutez-en un : create unique index on {3} ({4})",
  'Import {0} cannot be undone: the importer "{1}" loads with a statement of its own, which returned no record_id for {2} of {3} created records. Let it return one for each, for imports to come.':
    "L’import {0} ne peut pas être annulé : le type d’import « {1} » écrit avec sa propre requête, qui n’a pas renvoyé de record_id pour {2} des {3} enregistrements créés. Faites-lui en renvoyer un pour chacun, pour les imports à venir.",
  'Import {0} cannot be undone: the importer "{1}" loads with a statement of its own, and it updated {2} records whose values before nobody kept.':
    "L’import {0} ne peut pas être annulé : le type d’import « {1} » écrit avec sa propre requête, et elle a mis à jour {2} enregistrements dont personne n’a gardé les valeurs d’avant.",
  "Import {0} cannot be undone: it was done by an earlier version of Sluice, which did not keep what tells edited records from others.":
    "L’import {0} ne peut pas être annulé : il a été fait par une version antérieure de Sluice, qui ne gardait pas de quoi distinguer les enregistrements modifiés des autres.",
  "The database user {0} may not {1} on {2}, which undoing import {3} needs. Run: grant {4} on {5} to {6}":
    "L’utilisateur {0} de la base de données n’a pas le droit {1} sur {2}, nécessaire pour annuler l’import {3}. Exécutez : grant {4} on {5} to {6}",
  "The table {0} refers to {1}, and the database user {2} may not read it, so that nobody can tell which records are in use. Run: grant select on {3} to {4}":
    "La table {0} renvoie à {1}, et l’utilisateur {2} de la base de données ne peut pas la lire, si bien qu’on ne sait pas quels enregistrements sont utilisés. Exécutez : grant select on {3} to {4}",
  "The table {0} refers to {1}, and row level security hides some of its rows from the database user {2}, so that nobody can tell which records are in use. Undo with a user who sees all of them.":
    "La table {0} renvoie à {1}, et la sécurité au niveau des lignes en cache certaines à l’utilisateur {2} de la base de données, si bien qu’on ne sait pas quels enregistrements sont utilisés. Annulez avec un utilisateur qui les voit toutes.",
};
