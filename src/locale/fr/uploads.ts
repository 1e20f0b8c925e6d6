/** Uploads and stored files, in French. */
export const uploads = {
  "{0} bytes": "{0} octets",
  "{0} MB": "{0} Mo",
  "{0} is larger than {1} MB, the limit for one file. Split it, or compress it with gzip.":
    "{0} dépasse les {1} Mo autorisés pour un fichier. Divisez-le, ou compressez-le avec gzip.",
  "The request is larger than {0} MB, the limit for one file. Split the file, or compress it with gzip.":
    "La requête dépasse les {0} Mo autorisés pour un fichier. Divisez le fichier, ou compressez-le avec gzip.",
  "The file is larger than {0}, the limit for all your uploads together. Split it, or compress it with gzip.":
    "Le fichier dépasse les {0} autorisés pour l’ensemble de vos envois. Divisez-le, ou compressez-le avec gzip.",
  "{0} has more than the {1} bytes that were announced. Upload it again.":
    "{0} a plus que les {1} octets annoncés. Envoyez-le de nouveau.",
  "{0} of your uploads are already waiting to be imported, and at most {1} are kept. Import or delete some of them first. The oldest: {2}.":
    "{0} de vos fichiers envoyés attendent déjà d’être importés, et {1} au plus sont conservés. Importez-en ou supprimez-en d’abord. Les plus anciens : {2}.",
  "Your uploads waiting to be imported take up {0}; this file would push them over the limit of {1}. Import or delete some of them first. The oldest: {2}.":
    "Vos fichiers en attente d’import occupent {0} ; avec celui-ci, ils dépasseraient la limite de {1}. Importez-en ou supprimez-en d’abord. Les plus anciens : {2}.",

  "There is no upload {0}, or it has expired. Upload the file again.":
    "L’envoi {0} n’existe pas, ou a expiré. Envoyez de nouveau le fichier.",
  "Upload {0} goes through the server. Send it by tus.": "L’envoi {0} passe par le serveur. Utilisez le protocole tus.",
  "The object storage takes no uploads straight from browsers now. Send the file to the server, by tus.":
    "Le stockage d’objets n’accepte pas d’envoi direct pour le moment. Passez par le serveur, avec le protocole tus.",
  "{0} bytes were sent to the object storage, and {1} were announced. Upload the file again.":
    "{0} octets ont été envoyés au stockage d’objets, pour {1} annoncés. Envoyez de nouveau le fichier.",
  "Upload {0} is not complete: {1} of {2} bytes have arrived. Upload the rest first.":
    "L’envoi {0} n’est pas terminé : {1} octets sur {2} sont arrivés. Envoyez d’abord le reste.",
  "Upload {0} was used for import {1}. Upload the file again for another import.":
    "L’envoi {0} a servi à l’import {1}. Envoyez de nouveau le fichier pour un autre import.",
  "Upload {0} was used for import {1}. Delete the import instead.":
    "L’envoi {0} a servi à l’import {1}. Supprimez plutôt l’import.",
  "Upload {0} was taken over by another request. Ask for its offset again.":
    "L’envoi {0} a été repris par une autre requête. Réessayez : il reprendra là où il en est.",
  "Upload {0} sent no bytes for {1} seconds. Continue from its offset.":
    "L’envoi {0} n’a rien reçu pendant {1} secondes. Réessayez : il reprendra là où il en est.",
  "Another request is writing upload {0}. Ask for its offset again.":
    "L’envoi {0} est en d’autres mains. Réessayez : il reprendra là où il en est.",
  "Upload {0} is being written by another request. Try again in a few seconds.":
    "L’envoi {0} est en cours par une autre requête. Réessayez dans quelques secondes.",
  "Upload {0} has {1} bytes. Continue from there.": "L’envoi {0} compte {1} octets. Reprenez à partir de là.",
  "The upload was started in another database, which this one was copied from. Upload the file again.":
    "Cet envoi a été commencé dans une autre base de données, dont celle-ci est une copie. Envoyez de nouveau le fichier.",
  "Only {0} of {1} bytes of the upload have arrived. Continue from byte {2}.":
    "Seuls {0} des {1} octets de l’envoi sont arrivés. Reprenez à partir de {2}.",
  "The body of the request arrives too slowly. Send it again, or send the rest.":
    "Le corps de la requête arrive trop lentement. Renvoyez-le, ou ce qu’il en reste.",
  "The connection was lost before the whole file arrived. Send it again, or send the rest.":
    "La connexion a été coupée avant la fin du fichier. Envoyez-le de nouveau, ou envoyez-en la suite.",
  "The upload has no file name.": "L’envoi n’indique pas le nom du fichier.",
  "The form has several files. Send one with each request.":
    "Le formulaire contient plusieurs fichiers. Envoyez-en un par requête.",
  "The form has no file.": "Le formulaire ne contient aucun fichier.",

  "Sluice's copy of the file is gone ({0}).": "La copie du fichier sur le serveur a disparu ({0}).",
  "The disk that holds {0} is full. The rows are imported; only the report of rejected rows is missing. Free some space, then resume or retry the import: it writes the report and imports nothing twice.":
    "Le disque de {0} est plein. Les lignes sont importées ; il ne manque que le rapport des lignes rejetées. Libérez de la place, puis reprenez ou relancez l’import : il écrit le rapport et n’importe rien deux fois.",
  "The disk that holds {0} is full. Free some space, or point SLUICE_DATA_DIR elsewhere, and start again: nothing was imported.":
    "Le disque de {0} est plein. Rien n’a été importé : réessayez quand un administrateur aura fait de la place ou indiqué un autre dossier dans SLUICE_DATA_DIR.",
  "This user cannot write to {0}. Point SLUICE_DATA_DIR at a folder that is writable.":
    "Le serveur ne peut pas écrire dans {0}. Un administrateur doit faire pointer SLUICE_DATA_DIR vers un dossier accessible en écriture.",
  "{0} cannot be created: a file is in the way. Point SLUICE_DATA_DIR elsewhere.":
    "{0} ne peut pas être créé : un fichier se trouve à cet emplacement. Un administrateur doit faire pointer SLUICE_DATA_DIR ailleurs.",
  "The file of import {0} ({1}) is no longer kept: files of finished imports are deleted after a while, those of cancelled imports at once.":
    "Le fichier de l’import {0} ({1}) n’est plus conservé : ceux des imports terminés sont retirés au bout d’un moment, ceux des imports interrompus aussitôt. Importez-le de nouveau.",
  "The file was deleted a moment ago.": "Le fichier vient d’être retiré. Importez-le de nouveau.",
};
