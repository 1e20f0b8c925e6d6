/** What a file seems to be, in French: each suggestion of an analysis with its reason. */
export const analysis = {
  "You chose it.": "Vous l’avez choisi.",
  "It is called like the field.": "La colonne porte le nom du champ.",
  "It is a known name of the field.": "C’est un nom connu du champ.",
  "It feeds no other field.": "Elle n’alimente aucun autre champ.",
  "It is called much like the field.": "Son nom ressemble à celui du champ.",
  "Its values look like the field's.": "Ses valeurs ressemblent à celles du champ.",
  "You left it out.": "Vous l’avez écartée.",
  "It is empty.": "La colonne est vide.",
  "Nothing says which field it is.": "Rien n’indique à quel champ elle correspond.",
  "It holds days, the first is {0}.": "Elle contient des dates, la première étant le {0}.",
  "Its days begin with {0}, before those of “{1}”.": "Ses dates commencent au {0}, avant celles de « {1} ».",
  "Its days begin with {0}, after those of “{1}”.": "Ses dates commencent au {0}, après celles de « {1} ».",
  "It is the only open column of numbers.": "C’est la seule colonne de nombres encore libre.",
  "Only {0} different {0:value|values} in {1} {1:row|rows}.":
    "Seulement {0} {0:valeur différente|valeurs différentes} sur {1} {1:ligne|lignes}.",
  "{0} different {0:value|values} in {1} {1:row|rows}: many for the largest groups.":
    "{0} {0:valeur différente|valeurs différentes} sur {1} {1:ligne|lignes} : beaucoup pour les plus grands ensembles.",
  "{0} different {0:value|values} in {1} {1:row|rows}: more than “{2}” has.":
    "{0} {0:valeur différente|valeurs différentes} sur {1} {1:ligne|lignes} : plus que « {2} ».",
  "{0} different {0:value|values} in {1} {1:row|rows} of “{2}”.":
    "{0} {0:valeur différente|valeurs différentes} sur {1} {1:ligne|lignes} de « {2} ».",
  "Nearly every row has a value of its own.": "Presque chaque ligne a sa propre valeur.",
  "Its texts are long, up to {0} characters.": "Ses textes sont longs, jusqu’à {0} caractères.",
  "All days are in {0}.": "Toutes les dates sont en {0}.",
  "The days go from {0} to {1}: {2} years.": "Les dates vont du {0} au {1} : {2} années.",
  "One for each row.": "Un par ligne.",
  "One for each value of “{0}”.": "Un par valeur de « {0} ».",
  "As many as a row's lists have values.": "Autant que les listes d’une ligne ont de valeurs.",
  "One for each row whose value is another than before.": "Un par ligne dont la valeur a changé.",
  "One at least for each row.": "Au moins un par ligne.",
  "One at most for each row.": "Un au plus par ligne.",
  "The language model says so.": "Le modèle de langage le propose.",
  "The language model did not answer within {0} seconds.": "Le modèle de langage n’a pas répondu en {0} secondes.",
  "The language model could not be asked, or answered something else.":
    "Le modèle de langage n’a pas pu être interrogé, ou sa réponse est inutilisable.",
};
