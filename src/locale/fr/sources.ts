/** Sources that files are fetched from, in French. */
export const sources = {
  'There is no importer "{0}".': "Il n’existe pas d’importeur « {0} ».",
  'The importer "{0}" has other context values than the source was made with. Make the source anew.':
    "L’importeur « {0} » n’a plus les mêmes valeurs de contexte qu’à la création de la source. Recréez la source.",
  "{0} is larger than {1} bytes, which is the limit. An operator can raise SLUICE_UPLOAD_MAX_BYTES.":
    "{0} dépasse la limite de {1} octets. Un administrateur peut relever SLUICE_UPLOAD_MAX_BYTES.",
  "The file has changed, or another worker has taken it in. It is looked at again.":
    "Le fichier a changé, ou un autre processus l’a déjà pris. Il sera examiné de nouveau.",
  "The source has no file {0}.": "La source n’a pas de fichier {0}.",
  "The file is being fetched, or has an import: cancel or undo that one, and the file can be fetched again.":
    "Le fichier est en cours de récupération, ou il a un import : annulez celui-ci ou défaites-le, et le fichier pourra être récupéré à nouveau.",
  'There is a source called "{0}" already. Choose another name.':
    "Une source s’appelle déjà « {0} ». Choisissez un autre nom.",
  "There is no source {0}, or it is not yours.": "Il n’y a pas de source {0}, ou elle n’est pas à vous.",
  "{0} is in no folder that sources may be in. An operator can name one by SLUICE_SOURCE_FOLDERS, or put the source into the config.":
    "{0} ne se trouve dans aucun dossier autorisé pour les sources. Un administrateur peut en indiquer un dans SLUICE_SOURCE_FOLDERS, ou déclarer la source dans la configuration.",
  "{0} is no folder.": "{0} n’est pas un dossier.",
  "{0} is not there any more.": "{0} n’est plus là.",
  "{0} cannot be moved: {1} has another file that is called {2}.":
    "{0} ne peut pas être déplacé : {1} contient un autre fichier nommé {2}.",
  "It is no file any more.": "Ce n’est plus un fichier.",
  "{0} is not there.": "{0} est introuvable.",
  "{0} is a link, which a source does not follow.": "{0} est un lien, et une source ne suit pas les liens.",
  "{0}: the account that Sluice runs as may not do this ({1}).":
    "{0} : le compte sous lequel Sluice s’exécute n’en a pas le droit ({1}).",
  "{0} cannot be read: {1}.": "{0} ne peut pas être lu : {1}.",
  '{0} does not let "{1}" in. Check the user and the password.':
    "{0} refuse l’accès à « {1} ». Vérifiez l’utilisateur et le mot de passe.",
  "The certificate of {0} is not the one of the source: its fingerprint is {1}. Ask who runs the host whether it has changed before you enter another: somebody may pretend to be it.":
    "Le certificat de {0} n’est pas celui de la source : son empreinte est {1}. Demandez à qui gère ce serveur s’il a changé avant d’en saisir une autre : quelqu’un se fait peut-être passer pour lui.",
  "Nobody vouches for the certificate of {0} ({1}). Give its fingerprint as `hostFingerprint`, once you have compared it with whoever runs the host.":
    "Aucune autorité ne garantit le certificat de {0} ({1}). Indiquez son empreinte dans `hostFingerprint`, après l’avoir comparée avec qui gère ce serveur.",
  "{0}: the host refuses it ({1}).": "{0} : le serveur refuse ({1}).",
  '{0}: the host cannot be reached, or says "{1}".': "{0} : le serveur est injoignable, ou répond « {1} ».",
  "{0}: the store refuses the source's keys ({1}).": "{0} : le stockage refuse les clés de la source ({1}).",
  "{0}: the store does not have it ({1}).": "{0} : introuvable dans le stockage ({1}).",
  '{0}: the store says "{1}".': "{0} : le stockage répond « {1} ».",
  'There is no time zone "{0}". Write it as Europe/Paris, or UTC.':
    "Le fuseau horaire « {0} » n’existe pas. Écrivez-le comme Europe/Paris, ou UTC.",
  '"{0}" is no schedule. Write cron\'s five fields, minute, hour, day, month, weekday: "0 6 * * 1-5" is six o\'clock on weekdays; or @hourly, @daily, @weekly, @monthly.':
    "« {0} » n’est pas un horaire. Écrivez les cinq champs de cron, minute, heure, jour, mois, jour de la semaine : « 0 6 * * 1-5 » veut dire six heures en semaine ; ou @hourly, @daily, @weekly, @monthly.",
  'The schedule "{0}" never comes: no such day is in the calendar.':
    "L’horaire « {0} » n’arrive jamais : ce jour n’existe pas au calendrier.",
  "Passwords and keys of sources are kept encrypted, and there is no key to encrypt them with. An operator has to set SLUICE_SECRETS_KEY, or put the source into the config.":
    "Les mots de passe et les clés des sources sont conservés chiffrés, et aucune clé de chiffrement n’est définie. Un administrateur doit définir SLUICE_SECRETS_KEY, ou déclarer la source dans la configuration.",
  "The source's password or key cannot be decrypted: SLUICE_SECRETS_KEY is another than when it was entered. Enter it again.":
    "Le mot de passe ou la clé de la source ne peut pas être déchiffré : SLUICE_SECRETS_KEY a changé depuis la saisie. Saisissez-le à nouveau.",
  "The key of {0} is not the one of the source: its fingerprint is {1}. Ask who runs the host whether its key has changed before you enter another: somebody may pretend to be it.":
    "La clé de {0} n’est pas celle de la source : son empreinte est {1}. Demandez à qui gère ce serveur si sa clé a changé avant d’en saisir une autre : quelqu’un se fait peut-être passer pour lui.",
  '{0} does not let "{1}" in. Check the user, and the password or key.':
    "{0} refuse l’accès à « {1} ». Vérifiez l’utilisateur, et le mot de passe ou la clé.",
  "The private key of the source cannot be read: {0}.": "La clé privée de la source est illisible : {0}.",
  "{0} cannot be reached on port {1}: {2}.": "{0} est injoignable sur le port {1} : {2}.",
  "The host has no {0}.": "{0} n’existe pas sur le serveur.",
  "{0}: the host does not permit this to the source's user.":
    "{0} : le serveur ne le permet pas à l’utilisateur de la source.",
  '{0}: the host says "{1}".': "{0} : le serveur répond « {1} ».",
  "{0} redirects more than {1} times.": "{0} redirige plus de {1} fois.",
  "{0} cannot be reached: {1}.": "{0} est injoignable : {1}.",
  "{0} has sent nothing for {1} seconds.": "{0} n’a rien envoyé pendant {1} secondes.",
  "{0} answers with the status {1}.": "{0} répond avec le statut {1}.",
  "{0} answers with the status {1} instead of the file. Check the URL and its headers.":
    "{0} répond avec le statut {1} au lieu du fichier. Vérifiez l’URL et ses en-têtes.",
  'The path of a folder begins with a slash: "{0}" does not.':
    "Le chemin d’un dossier commence par une barre oblique : ce n’est pas le cas de « {0} ».",
  "The source needs an `accessKeyId` and a `secretAccessKey`.":
    "La source a besoin d’un `accessKeyId` et d’un `secretAccessKey`.",
  'The source "{0}" is in the server\'s config, which alone changes it. It can be run and paused here.':
    "La source « {0} » est déclarée dans la configuration du serveur, qui seule peut la modifier. Ici, elle peut être lancée et mise en pause.",
  "This server fetches from no sources.": "Ce serveur ne récupère rien d’aucune source.",
  'The source "{0}" cannot be as it is. {1}: {2}': "La source « {0} » n’est pas valable. {1} : {2}",
  '"{0}" fits no name: names have no slash. * is any text, ? any character.':
    "« {0} » ne correspond à aucun nom : un nom n’a pas de barre oblique. * remplace n’importe quel texte, ? un caractère.",
  "It is too long.": "C’est trop long.",
  "It must look as ssh-keygen -lf prints it: SHA256: and 43 characters.":
    "Écrivez-la comme ssh-keygen -lf l’affiche : SHA256: et 43 caractères.",
  "It needs a `password` or a `privateKey`.": "Il faut un mot de passe (`password`) ou une clé privée (`privateKey`).",
  "It must be the SHA-256 of the host's certificate: 64 hexadecimal digits.":
    "Indiquez le SHA-256 du certificat du serveur : 64 chiffres hexadécimaux.",
  "Without TLS there is no certificate, so it cannot be compared. Leave it out.":
    "Sans TLS, il n’y a pas de certificat à comparer. Laissez-la vide.",
  "It has a line break.": "Il y a un retour à la ligne.",
  "They must be headers of HTTP with their values.": "Indiquez des en-têtes HTTP avec leurs valeurs.",
  'It must be "keep": nothing can be moved or deleted at a URL.':
    "Seul « keep » est possible : à une URL, rien ne peut être déplacé ni supprimé.",
  "It must be the name of a folder beside the files, without a slash.":
    "Indiquez le nom d’un dossier à côté des fichiers, sans barre oblique.",
};
