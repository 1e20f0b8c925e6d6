/** What programs are told that import in one request, in French. */
export const programs = {
  "The request has no form with a file.": "La requête ne contient pas de formulaire avec un fichier.",
  "{0} things are wrong with the request; the list has each of them.":
    "La requête comporte {0} erreurs ; chacune est détaillée dans la liste.",
  'There is no option "{0}". The options are: {1}.': "Il n’y a pas d’option « {0} ». Les options sont : {1}.",
  'The option "{0}" cannot be read: {1}.': "L’option « {0} » est illisible : {1}.",
  "No column feeds “{0}”. The columns of the file are: {1}.":
    "Aucune colonne n’alimente « {0} ». Les colonnes du fichier sont : {1}.",
  "No columns feed: {0}. The columns of the file are: {1}.":
    "Aucune colonne n’alimente : {0}. Les colonnes du fichier sont : {1}.",
  "“{0}” ({1})": "« {0} » ({1})",
  "Some columns need a decision: {0}. Say in the mapping what they are, or accept the suggestions.":
    "Certaines colonnes demandent une décision : {0}. Précisez-les dans la correspondance, ou acceptez les propositions.",
  "The column “{0}” feeds “{1}” as a guess ({2}). Say in the mapping what it is, or accept the suggestion.":
    "La colonne « {0} » alimente « {1} » par supposition ({2}). Précisez-la dans la correspondance, ou acceptez la proposition.",
  "{0} has more than {1} rows, the limit for an import that is answered with its results. Split the file.":
    "{0} compte plus de {1} lignes, le maximum pour un import dont la réponse contient les résultats. Divisez le fichier.",
  "{0} was accepted as import {1}.": "{0} a été accepté : c’est l’import {1}.",
  "Import {0}: {1} of {2} {2:row is|rows are} in.":
    "Import {0} terminé : {1} {1:ligne|lignes} sur {2} {1:est|sont} en base.",
  "Import {0} was stopped before its end.": "L’import {0} a été arrêté avant la fin.",
  "Import {0} is {1}.": "L’import {0} est {1}.",
  "{0} things are wrong with the request; the list has the first {1}.":
    "La requête comporte {0} erreurs ; la liste donne les {1} premières.",
  "The body is not JSON: {0}.": "Le corps de la requête n’est pas du JSON : {0}.",
  "The body must be a JSON object.": "Le corps de la requête doit être un objet JSON.",
  "“{0}” is missing.": "« {0} » est absent.",
  "“{0}” is not known. Known are: {1}.": "« {0} » est inconnu. Sont connus : {1}.",
  "“{0}” has the wrong type or value.": "« {0} » n’a pas le bon type ou la bonne valeur.",
};
