/** Webhooks, and the addresses that others name, in French. */
export const webhooks = {
  '"{0}" is not a URL.': "« {0} » n’est pas une URL.",
  "The URL must not contain a user name or a password.": "L’URL ne doit contenir ni nom d’utilisateur ni mot de passe.",
  "The URL must begin with https://.": "L’URL doit commencer par https://.",
  "{0} is an address of this machine or of a private network, which webhooks and sources must not reach.":
    "{0} est une adresse de cette machine ou d’un réseau privé, que les webhooks et les sources ne doivent pas atteindre.",
  "This version of Node cannot keep requests from private addresses. Webhooks need Node 22.13 or newer.":
    "Cette version de Node ne sait pas tenir les requêtes à l’écart des adresses privées. Les webhooks demandent Node 22.13 ou plus récent.",
  "There are {0} webhooks already, which is the limit. Delete one first.":
    "Il y a déjà {0} webhooks, ce qui est la limite. Supprimez-en un d’abord.",
  "There is no webhook {0}, or it is not yours.": "Le webhook {0} n’existe pas, ou n’est pas à vous.",
  "There is no such delivery. They are kept for a week, and for a month where they failed.":
    "Cet envoi n’existe pas. Les envois sont conservés une semaine, ou un mois s’ils ont échoué.",
  "The webhook is turned off. Turn it on first.": "Le webhook est désactivé. Activez-le d’abord.",
  "It is being delivered right now.": "Il est justement en cours d’envoi.",
  "This server has no webhooks.": "Ce serveur n’a pas de webhooks.",
  "A context belongs to an importer: name the importer as well.":
    "Un contexte appartient à un type d’import : indiquez aussi le type d’import.",
  'The context of the importer "{0}" lacks {1}: give all of its values, or none for every context.':
    "Il manque {1} au contexte du type d’import « {0} » : donnez toutes ses valeurs, ou aucune pour tous les contextes.",
};
