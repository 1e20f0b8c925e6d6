/** The object storage of files, and requests that were cut off on their way, in French. */
export const storage = {
  "The form ends before its last boundary: it was cut off on its way, or its Content-Type names another boundary. Proxies and platforms limit bodies (nginx 1 MB, Vercel and Netlify 4.5 MB, Next.js's proxy.ts 10 MB): raise the limit, or keep the proxy away from Sluice's paths, or upload the file in pieces.":
    "Le formulaire s’arrête avant son dernier séparateur : il a été coupé en route, ou son Content-Type en indique un autre. Les proxys et les plateformes limitent la taille des requêtes (nginx 1 Mo, Vercel et Netlify 4,5 Mo, le proxy.ts de Next.js 10 Mo) : relevez cette limite, n’y faites pas passer les chemins de Sluice, ou envoyez le fichier par morceaux.",
  "Only {0} of the {1} bytes of the request arrived: something before the server has cut it off. Proxies and platforms limit bodies (nginx 1 MB, Vercel and Netlify 4.5 MB, Next.js's proxy.ts 10 MB): raise the limit, or keep the proxy away from Sluice's paths, or upload the file in pieces.":
    "Seuls {0} des {1} octets de la requête sont arrivés : elle a été coupée avant le serveur. Les proxys et les plateformes limitent la taille des requêtes (nginx 1 Mo, Vercel et Netlify 4,5 Mo, le proxy.ts de Next.js 10 Mo) : relevez cette limite, n’y faites pas passer les chemins de Sluice, ou envoyez le fichier par morceaux.",
  "Sluice's copy of the file is in an object storage ({0}), and this process is set up for a folder. Set SLUICE_FILES to the object storage, as it was when the file came.":
    "La copie du fichier se trouve dans un stockage objet ({0}), alors que ce serveur utilise un dossier. Un administrateur doit indiquer ce stockage dans SLUICE_FILES, comme à l’arrivée du fichier.",
  "The object storage no longer has the beginning of the upload.": "Le stockage objet n’a plus le début de l’envoi.",
  "The object storage has lost a part of the file. Send it again.":
    "Le stockage objet a perdu une partie du fichier. Envoyez-le de nouveau.",
  "The upload was finished with other bytes than those that came now. Upload the file again.":
    "L’envoi s’était terminé avec un autre contenu que celui reçu maintenant. Envoyez de nouveau le fichier.",
  "The upload is not stored as far as byte {0}. Ask for its offset again.":
    "L’envoi n’est pas enregistré jusqu’à l’octet {0}. Réessayez : il reprendra là où il en est.",
  "There are no keys for the object storage {0}. Set SLUICE_S3_ACCESS_KEY_ID and SLUICE_S3_SECRET_ACCESS_KEY, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.":
    "Il manque les clés du stockage objet {0}. Un administrateur doit définir SLUICE_S3_ACCESS_KEY_ID et SLUICE_S3_SECRET_ACCESS_KEY, ou AWS_ACCESS_KEY_ID et AWS_SECRET_ACCESS_KEY.",
  "The object storage has no bucket for {0}. Create it, or correct SLUICE_FILES and SLUICE_S3_ENDPOINT.":
    "Le stockage objet n’a pas de bucket pour {0}. Un administrateur doit le créer, ou corriger SLUICE_FILES et SLUICE_S3_ENDPOINT.",
  "The object storage {0} is in another region than was asked for ({1}). Correct SLUICE_S3_REGION.":
    "Le stockage objet {0} se trouve dans une autre région ({1}). Un administrateur doit corriger SLUICE_S3_REGION.",
  "The clock of this machine is wrong: the object storage {0} refuses what it signs. Set the clock, then try again.":
    "L’horloge du serveur est fausse : le stockage objet {0} refuse ses signatures. Il faut la mettre à l’heure, puis réessayer.",
  "The object storage {0} refuses access ({1}). Check its keys; they must be allowed to read, write, list and delete there.":
    "Le stockage objet {0} refuse l’accès ({1}). Un administrateur doit vérifier ses clés : elles doivent permettre de lire, d’écrire, de lister et de supprimer.",
  "The object storage {0} does not take a file of this size ({1}). Raise the limit there, or split the file.":
    "Le stockage objet {0} n’accepte pas un fichier de cette taille ({1}). Relevez-y la limite, ou divisez le fichier.",
  "The object storage {0} is full ({1}). Free some space there, then start again: nothing is lost.":
    "Le stockage objet {0} est plein ({1}). Libérez-y de la place, puis recommencez : rien n’est perdu.",
  "The object storage {0} does not answer as it should ({1}). Nothing is lost: try again when it does.":
    "Le stockage objet {0} ne répond pas comme il faut ({1}). Rien n’est perdu : réessayez quand il sera rétabli.",
  "The object storage {0} refused a request ({1}). Nothing is lost: see what it objects to, then try again.":
    "Le stockage objet {0} a refusé une requête ({1}). Rien n’est perdu : corrigez ce qu’il reproche, puis réessayez.",
};
