/** Why an import cannot be undone, in French. */
export const undo = {
  "Import {0} cannot be undone: it was a dry run and wrote nothing.":
    "L’import {0} ne peut pas être annulé : c’est un essai à blanc, qui n’a rien écrit.",
  'Import {0} cannot be undone: it wrote a record "{1}", which the importer "{2}" no longer has. Restore the importer to undo it.':
    "L’import {0} ne peut pas être annulé : il a écrit des enregistrements « {1} », que le type d’import « {2} » ne connaît plus. Annulez-le avec le type d’import tel qu’il était.",
  'Import {0} cannot be undone: it wrote to {1}, but the importer "{2}" now writes to {3}. Restore the importer to undo it.':
    "L’import {0} ne peut pas être annulé : il a écrit dans {1}, et le type d’import « {2} » écrit maintenant dans {3}. Annulez-le avec le type d’import tel qu’il était.",
  "Import {0} cannot be undone: {1} is a view or a foreign table, whose records do not show who has changed them. Delete what the import created by hand.":
    "L’import {0} ne peut pas être annulé : {1} est une vue ou une table étrangère, dont les enregistrements ne montrent pas qui les a modifiés. Supprimez à la main ce que l’import a créé.",
  "Import {0} cannot be undone: Citus keeps the records of {1} on several machines, and they do not show who has changed them. Delete what the import created by hand.":
    "L’import {0} ne peut pas être annulé : Citus garde les enregistrements de {1} sur plusieurs machines, et ils ne montrent pas qui les a modifiés. Supprimez à la main ce que l’import a créé.",
  "Import {0} cannot be undone: {1}.{2} has no primary key or unique index, so one id may identify several records. Add one: create unique index on {3} ({4})":
    "L’import {0} ne peut pas être annulé : {1}.{2} n’a ni clé primaire ni index unique, si bien qu’un identifiant peut désigner plusieurs enregistrements. Ajoutez-en un : create unique index on {3} ({4})",
  'Import {0} cannot be undone: the custom loader of the importer "{1}" returned no record_id for {2} of {3} created {3:record|records}. To undo future imports, return one for each record.':
    "L’import {0} ne peut pas être annulé : le type d’import « {1} » écrit avec sa propre requête, qui n’a pas renvoyé de record_id pour {2} {2:enregistrement créé|enregistrements créés} sur {3}. Faites-lui en renvoyer un pour chacun, pour les imports à venir.",
  'Import {0} cannot be undone: the custom loader of the importer "{1}" updated {2} {2:record|records} without keeping their earlier values.':
    "L’import {0} ne peut pas être annulé : le type d’import « {1} » écrit avec sa propre requête, et elle a mis à jour {2} {2:enregistrement|enregistrements} dont personne n’a gardé les valeurs d’avant.",
  "Import {0} cannot be undone: an earlier version of Sluice made it, and did not keep what tells edited records from untouched ones.":
    "L’import {0} ne peut pas être annulé : il a été fait par une version antérieure de Sluice, qui ne gardait pas de quoi distinguer les enregistrements modifiés des autres.",
  "The database user {0} may not {1} on {2}, which undoing import {3} needs. Run: grant {4} on {5} to {6}":
    "L’utilisateur {0} de la base de données n’a pas le droit {1} sur {2}, nécessaire pour annuler l’import {3}. Exécutez : grant {4} on {5} to {6}",
  "The table {0} refers to {1}, but the database user {2} may not read it, so there is no telling which records are in use. Run: grant select on {3} to {4}":
    "La table {0} renvoie à {1}, et l’utilisateur {2} de la base de données ne peut pas la lire, si bien qu’on ne sait pas quels enregistrements sont utilisés. Exécutez : grant select on {3} to {4}",
  "The table {0} refers to {1}, but row-level security hides some of its rows from the database user {2}, so there is no telling which records are in use. Undo as a user who can see all of them.":
    "La table {0} renvoie à {1}, et la sécurité au niveau des lignes en cache certaines à l’utilisateur {2} de la base de données, si bien qu’on ne sait pas quels enregistrements sont utilisés. Annulez avec un utilisateur qui les voit toutes.",
  "Several records have this id.": "Plusieurs enregistrements ont cet identifiant.",
  "Another record has its id by now.": "Un autre enregistrement a maintenant cet identifiant.",
  "A newer version of it stays.": "Une version plus récente reste en place.",
};
