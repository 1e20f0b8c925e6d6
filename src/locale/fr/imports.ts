/** The life of an import, in French: what cannot be done with it now, and why it is paused, failed or retried. */
export const imports = {
  "{0} of your imports are neither running nor finished, which is the limit. Finish, cancel or delete one of them first.":
    "{0} de vos imports ne sont ni en cours ni terminés ; c’est le maximum autorisé. Commencez par en terminer, interrompre ou supprimer un.",
  'Import {0}: code of the importer "{1}" does not come to an end on row {2}, and was stopped. Simplify it, or change the row, then try again.':
    "Import {0} : du code du type d’import « {1} » ne se termine pas sur la ligne {2} et a été interrompu. Simplifiez-le, ou modifiez la ligne, puis réessayez.",
  "Import {0}: a request may take {1} s here, which is not enough to get past row {2} of {3}. Unpack the file or split it, let requests take longer, or have a worker that runs all the time continue.":
    "Import {0} : une requête ne peut durer que {1} s ici, ce qui ne suffit pas pour dépasser la ligne {2} de {3}. Décompressez ou divisez le fichier, allongez la durée des requêtes, ou confiez la suite à un serveur permanent.",
  "Import {0}: a request may take {1} s here, which is not enough for its next step. Split the file, let requests take longer, or have a worker that runs all the time continue.":
    "Import {0} : une requête ne peut durer que {1} s ici, ce qui ne suffit pas pour l’étape suivante. Divisez le fichier, allongez la durée des requêtes, ou confiez la suite à un serveur permanent.",
  'Import {0}: a cell in row {1} or later kept a worker busy for more than {2} s, so it was stopped. A pattern or validator of the importer "{3}" takes too long on it: simplify that, or shorten the cell, then try again.':
    "Import {0} : une cellule de la ligne {1} ou d’une ligne suivante a occupé un processus plus de {2} s ; la lecture a été arrêtée. Un motif ou un validateur du type d’import « {3} » est trop lent sur cette cellule : simplifiez-le, ou raccourcissez la cellule, puis réessayez.",
  // Within “L’import 42 est …”.
  pending: "à préparer",
  queued: "en attente",
  parsing: "en cours de vérification",
  ready: "à vérifier",
  committing: "en cours d’écriture",
  completed: "terminé",
  undoing: "en cours d’annulation",
  undone: "annulé",
  paused: "en pause",
  cancelled: "interrompu",
  failed: "en échec",

  "There is no import {0}, or it is not yours.": "L’import {0} n’existe pas, ou n’est pas à vous.",
  "There is no import {0}.": "L’import {0} n’existe pas.",
  "Import {0} is {1} and cannot {2}. {3}": "L’import {0} est {1} et ne peut pas {2}. {3}",
  "be paused": "être mis en pause",
  "be cancelled": "être interrompu",
  "be reopened": "être rouvert",
  "become {0}": "passer à l’état « {0} »",
  "be undone": "être annulé",
  "be committed": "être écrit",
  "be started": "être démarré",
  "be retried": "être relancé",
  "be resumed": "être repris",
  "Start it, or cancel it.": "Démarrez-le ou interrompez-le.",
  "It is waiting for a worker: pause or cancel it to stop that.":
    "Il attend son tour : mettez-le en pause ou interrompez-le si vous n’en voulez pas.",
  "A worker is processing it: pause or cancel it to stop that.":
    "Il est en cours de traitement : mettez-le en pause ou interrompez-le si vous n’en voulez pas.",
  "A worker is processing it: pause it to stop that.":
    "Il est en cours de traitement : mettez-le en pause si vous n’en voulez pas.",
  "Commit it, change it, or cancel it.": "Écrivez-le, modifiez-le ou interrompez-le.",
  "It can be undone.": "Il peut être annulé.",
  "Nothing is left of it: import the file again if you need it.":
    "Il n’en reste rien : importez de nouveau le fichier si vous le souhaitez.",
  "Resume it, or cancel it.": "Reprenez-le ou interrompez-le.",
  "Undo it if any rows were imported, or import the file again.":
    "Annulez-le si des lignes avaient été écrites, ou importez de nouveau le fichier.",
  "Retry it, or cancel it.": "Relancez-le ou interrompez-le.",

  'It is waiting for a worker that has the importer "{0}". Start one whose sluice.config.ts lists it, or cancel the import.':
    "Il attend un processus de traitement qui connaît le type d’import « {0} ». Démarrez-en un dont le sluice.config.ts le déclare, ou interrompez l’import.",
  'It is waiting for a worker whose importer "{0}" has the fields: {1}. If they were removed, pause the import, reopen it and map its columns again.':
    "Il attend un processus de traitement dont le type d’import « {0} » comporte les champs : {1}. S’ils ont été supprimés, mettez l’import en pause, rouvrez-le et choisissez de nouveau ses colonnes.",
  'It is waiting for a worker whose importer "{0}" has the context values: {1}. If they have changed since, cancel the import and import its file again.':
    "Il attend un processus de traitement dont le type d’import « {0} » a les valeurs de contexte : {1}. Si elles ont changé depuis, interrompez l’import et importez de nouveau son fichier.",
  'It is waiting for a worker whose importer "{0}" offers the mode "{1}". If it is no longer offered, pause the import, reopen it and choose another mode.':
    "Il attend un processus de traitement dont le type d’import « {0} » propose le mode « {1} ». S’il n’est plus proposé, mettez l’import en pause, rouvrez-le et choisissez un autre mode.",
  'It is waiting for a worker whose importer "{0}" assigns records to owners (`assign`). If it no longer does, pause the import, reopen it and choose no owner.':
    "Il attend un processus de traitement dont le type d’import « {0} » attribue les enregistrements à des responsables (`assign`). S’il ne le fait plus, mettez l’import en pause, rouvrez-le et ne choisissez aucun responsable.",
  'Import {0} was created with these context values: {1}. The importer "{2}" now has: {3}. Upload the file again, or restore the importer.':
    "L’import {0} a été créé avec ces valeurs de contexte : {1}. Le type d’import « {2} » a maintenant : {3}. Importez de nouveau le fichier, ou rétablissez le type d’import tel qu’il était.",
  "Import {0} already has the same file in that context.": "L’import {0} a déjà le même fichier dans ce contexte.",
  "Import {0} is {1}; only a pending one can be started.":
    "L’import {0} est {1} ; seul un import à préparer peut être démarré.",
  "Import {0} is {1}; only an import that is {2} can be deleted. Cancel it first.":
    "L’import {0} est {1} ; pour être supprimé, un import doit être dans l’un de ces états : {2}. Interrompez-le d’abord.",
  "The same file was uploaded for import {0} a moment ago.": "Le même fichier vient d’être envoyé pour l’import {0}.",
  "The same file was already uploaded for import {0} ({1}, {2}).":
    "Le même fichier a déjà été envoyé pour l’import {0} ({1}, {2}).",
  "{0} of your imports are already waiting for a worker, which is the limit. Import {1} stays as it is: start it once one of them has begun, or cancel one.":
    "{0} de vos imports attendent déjà leur tour, et il ne peut y en avoir plus. L’import {1} reste tel quel : démarrez-le quand l’un d’eux aura commencé, ou interrompez-en un.",
  "Import {0} was taken over by another worker, or stopped, while this worker was still reading. This worker stops.":
    "L’import {0} a été repris par un autre processus, ou arrêté, pendant que celui-ci continuait à lire. Celui-ci s’arrête.",
  "Import {0} is a dry run and cannot be committed.": "L’import {0} est un essai à blanc ; il n’est jamais écrit.",
  "Import {0} was made before Sluice by another importer: it can be looked at and deleted, and nothing else.":
    "L’import {0} a été fait avant Sluice, par un autre outil : on peut le consulter et le supprimer, rien d’autre.",
  "Import {0} is {1}; a dry run is only possible once it is ready.":
    "L’import {0} est {1} ; le calcul n’est possible que lorsqu’il est à vérifier.",
  "Import {0} has written records and is kept so that they can be traced.":
    "L’import {0} a écrit des enregistrements ; il est gardé, pour qu’on sache d’où ils viennent.",

  "Import {0} is already pending: its mapping and options can be changed.":
    "L’import {0} est déjà à préparer : ses colonnes et ses réglages peuvent être modifiés.",
  "Import {0} is {1} in the middle of its undo. Resume the undo.":
    "L’import {0} est {1} au milieu de son annulation. Reprenez-la.",
  "Import {0} is {1} and cannot be reopened. Pause it first.":
    "L’import {0} est {1} : ses réglages ne peuvent pas être rouverts. Mettez-le d’abord en pause.",
  "Import {0} is {1} and cannot be reopened. Upload the file again as a new import.":
    "L’import {0} est {1} : ses réglages ne peuvent pas être rouverts. Importez de nouveau le fichier.",
  "Import {0} has already committed rows, so its mapping can no longer change. Cancel it, undo it, and upload the file again.":
    "L’import {0} a déjà écrit des lignes : ses colonnes ne changent plus. Interrompez-le, annulez-le et importez de nouveau le fichier.",
  "A worker is still committing a chunk of import {0} that it began before it was stopped. Try again in a moment.":
    "Un processus termine les dernières lignes de l’import {0}, commencées avant son arrêt. Réessayez dans un instant.",

  stopped: "Arrêté.",
  "stopped by the user": "Arrêté par l’utilisateur.",
  "paused by {0}": "Mis en pause par {0}.",
  "The database user lacks a right that every row needs: {0}. Grant it, then resume the import.":
    "Il manque à l’utilisateur de la base un droit nécessaire à chaque ligne : {0}. Accordez-le, puis reprenez l’import.",
  "{0} rejects every row: {1}. Correct the table or its triggers, then resume the import.":
    "Aucune ligne n’entre dans {0} : {1}. Corrigez la table ou ses déclencheurs, puis reprenez l’import.",
  "The commit would stop at rows that the database rejects: {0}. Correct the table, or change the import's options.":
    "L’import s’arrêterait sur des lignes que la base refuse : {0}. Corrigez la table, ou changez les options de l’import.",
  "The database rejects more than 100 rows of one chunk: {0}":
    "La base de données refuse plus de 100 lignes d’une même plage : {0}",
  "The database rejects more than 100 rows of one chunk: {0}. {1}":
    "La base de données refuse plus de 100 lignes d’une même plage : {0}. {1}",
  "The index {0} does not allow two records with the same {1}. Match on {2} instead, so that such rows count as duplicates.":
    "L’index {0} n’admet pas deux enregistrements de même {1} : faites plutôt la correspondance par {2}, pour que ces lignes soient des doublons.",
  "The database refuses to undo more than 100 records in one range of rows: {0}":
    "La base de données refuse de reprendre plus de 100 enregistrements d’une même plage de lignes : {0}",
  "The connection to the database was lost and could not be restored. Import {0} will resume from its checkpoint.":
    "La connexion à la base de données a été perdue et n’a pas pu être rétablie. L’import {0} reprendra à son point de contrôle.",
  "Import {0}: the worker died {1} times while reading from row {2} on.":
    "Import {0} : la lecture s’est interrompue {1} fois à partir de la ligne {2}.",
  "Import {0}: the worker died five times on rows {1} to {2}. Check those rows and the database's log, then resume the import.":
    "Import {0} : le traitement s’est interrompu cinq fois sur les lignes {1} à {2}. Regardez ces lignes et le journal de la base de données, puis reprenez l’import.",
  "Import {0}: the worker died five times while undoing rows {1} to {2}. Check the database's log, then resume the undo.":
    "Import {0} : le traitement s’est interrompu cinq fois pendant l’annulation des lignes {1} à {2}. Regardez le journal de la base de données, puis reprenez l’annulation.",
  'The loader of the importer "{0}" got {1} {1:row|rows} but reported on {2}. It must return row_no and outcome (created, updated, unchanged or skipped) for each row.':
    "Le chargeur du type d’import « {0} » a reçu {1} {1:ligne|lignes} et rendu compte de {2}. Il doit renvoyer row_no et outcome (created, updated, unchanged ou skipped) pour chaque ligne.",
  "A sheet can have at most {0} columns. Download the report as CSV.":
    "Une feuille a au plus {0} colonnes. Prenez le rapport en CSV.",
  "The workbook would be larger than 4 GiB. Download the report as CSV.":
    "Le classeur dépasserait 4 Gio. Prenez le rapport en CSV.",
  'The `session` of the importer "{0}" failed: {1}': "La fonction `session` du type d’import « {0} » a échoué : {1}",
  'The `session` of the importer "{0}" must return settings at once, such as { "app.tenant": run.context.tenant_id }.':
    'La fonction `session` du type d’import « {0} » doit renvoyer directement des réglages, par exemple { "app.tenant": run.context.tenant_id }.',
  'The `session` of the importer "{0}" has no name of a role for "role": return { role: "authenticated" }, or leave it out.':
    'La fonction `session` du type d’import « {0} » ne donne pas de nom de rôle à « role » : renvoyez { role: "authenticated" }, ou omettez-le.',
  'The `session` of the importer "{0}" asks for the role "{1}", which the database does not have. Create it, or name another.':
    "La fonction `session` du type d’import « {0} » demande le rôle « {1} », qui n’existe pas dans la base de données. Créez-le, ou indiquez-en un autre.",
  'The database user may not act as the role "{0}", which the `session` of the importer "{1}" asks for. Grant it to that user: grant {2} to …':
    "L’utilisateur de la base de données ne peut pas prendre le rôle « {0} », que demande la fonction `session` du type d’import « {1} ». Accordez-le-lui : grant {2} to …",
  "The role {0} may not use the schema sluice_stage, and the database user may not let it. Run as the owner: grant usage on schema sluice_stage to {1}":
    "Le rôle {0} ne peut pas utiliser le schéma sluice_stage, et l’utilisateur de la base de données ne peut pas l’y autoriser. Exécutez en tant que propriétaire : grant usage on schema sluice_stage to {1}",
  'The `session` of the importer "{0}" sets "{1}". Only "role" and your own settings can be set; their names contain a dot: app.tenant.':
    "La fonction `session` du type d’import « {0} » définit « {1} ». Seuls « role » et vos propres réglages peuvent être définis ; leur nom contient un point : app.tenant.",
  'The `session` of the importer "{0}" has no value for "{1}": it must be text, a number or a boolean.':
    "La fonction `session` du type d’import « {0} » ne donne aucune valeur à « {1} » : il faut un texte, un nombre ou un booléen.",
  '{0}.{1}, the id of the importer "{2}", may identify several records: no unique index covers it alone. Set {3}, or make it unique: create unique index on {4} ({5})':
    "{0}.{1}, l’identifiant du type d’import « {2} », peut désigner plusieurs enregistrements : aucun index unique ne porte sur cette seule colonne. Indiquez {3}, ou rendez-la unique : create unique index on {4} ({5})",
  '{0}.{1}, the id of the importer "{2}", may identify several records: no unique index covers it alone. Give the table an id, and set {3}: alter table {4} add column {5} bigint generated always as identity primary key':
    "{0}.{1}, l’identifiant du type d’import « {2} », peut désigner plusieurs enregistrements : aucun index unique ne porte sur cette seule colonne. Donnez un identifiant à la table et indiquez {3} : alter table {4} add column {5} bigint generated always as identity primary key",
  '{0}.{1}, the id of the importer "{2}", is an array. Name another column: a number, text or a UUID, for example.':
    "{0}.{1}, l’identifiant du type d’import « {2} », est un tableau. Indiquez une autre colonne : un nombre, un texte ou un UUID, par exemple.",
  '{0}.{1}, the id of the importer "{2}", may be null, and such records cannot be told apart. Name another column, or run: alter table {3} alter column {4} set not null':
    "{0}.{1}, l’identifiant du type d’import « {2} », peut être nul, et de tels enregistrements ne se distinguent pas. Indiquez une autre colonne, ou : alter table {3} alter column {4} set not null",
  '`{0}` of the importer "{1}" is not a condition on a record of {2}: {3}. It must be SQL, such as: deleted_at is null':
    "`{0}` du type d’import « {1} » n’est pas une condition sur un enregistrement de {2} : {3}. C’est du SQL, par exemple : deleted_at is null",
  'The field "{0}" of the importer "{1}" has a `context`, but its column {2} has no foreign key that says which table it points to. Use field.reference, or omit `context`.':
    "Le champ « {0} » du type d’import « {1} » a un `context`, mais sa colonne {2} n’a aucune clé étrangère qui désignerait l’autre table. Utilisez field.reference, ou retirez `context`.",
  'The table {0} has no column {1}, which the `context` of the field "{2}" of the importer "{3}" names. Name the column that holds it, or set shared: true.':
    "La table {0} n’a pas de colonne {1}, indiquée par le `context` du champ « {2} » du type d’import « {3} ». Indiquez celle qui la porte, ou indiquez shared: true.",
  "This import would remove {0} of {1} {1:record|records}, and no row of its file goes in. Nothing has been removed; the number has to be confirmed first.":
    "Cet import supprimerait {0} {0:enregistrement|enregistrements} sur {1}, et aucune ligne de son fichier n’est importée. Rien n’a été supprimé : confirmez d’abord ce nombre.",
  "The database refuses to remove a record of {0}: {1}. Nothing has been removed. Correct what holds it and resume the import, or choose another mode.":
    "La base de données refuse de supprimer un enregistrement de {0} : {1}. Rien n’a été supprimé. Corrigez ce qui le retient et reprenez l’import, ou choisissez un autre mode.",
  "This import would remove {0} of {1} {1:record|records}. Nothing has been removed; so many have to be confirmed first.":
    "Cet import supprimerait {0} {0:enregistrement|enregistrements} sur {1}. Rien n’a été supprimé : confirmez d’abord ce nombre.",
  "This import would remove {0} of {1} {1:record|records}, and its file has invalid rows ({2}) that may name any of them. Nothing has been removed; correct these rows, or confirm the number.":
    "Cet import supprimerait {0} {0:enregistrement|enregistrements} sur {1}, et son fichier contient des lignes non valides ({2}) qui peuvent désigner n’importe lequel d’entre eux. Rien n’a été supprimé : corrigez ces lignes ou confirmez le nombre.",
  'The mode "{0}" needs tables, and {1} is a view or a foreign table. Choose another mode.':
    "Le mode « {0} » ne fonctionne qu’avec des tables, et {1} est une vue ou une table distante. Choisissez un autre mode.",
  "{0} is a distributed table of Citus, whose records an import can create and neither change nor delete. Skip duplicates instead of updating them, in a mode that removes nothing.":
    "{0} est une table distribuée de Citus : un import peut y créer des enregistrements, mais ni les modifier ni les supprimer. Ignorez les doublons au lieu de les mettre à jour, dans un mode qui ne supprime rien.",
  "Records of {0} ({1}) refer to records of {2} that would be deleted. Nothing has been removed. Take these references away first, or choose another mode.":
    "Des enregistrements de {0} ({1}) renvoient à des enregistrements de {2} qui seraient supprimés. Rien n’a été supprimé. Retirez d’abord ces références ou choisissez un autre mode.",
  "Records that the file does not name are removed, and no column feeds a field to recognise records by: {0}. Map a column to one of them, or choose another mode.":
    "Les enregistrements absents du fichier sont retirés, et aucune colonne n’alimente un champ qui permette de les reconnaître : {0}. Associez une colonne à l’un d’eux ou choisissez un autre mode.",
  '"{0}" is not a number of records that may be removed.': "« {0} » n’est pas un nombre d’enregistrements à supprimer.",
};
