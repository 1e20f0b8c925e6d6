/** What would come of reading a file otherwise, in French. */
export const choices = {
  "would give 1 column in {0} of {1} {1:row|rows}": "donnerait une seule colonne (lignes : {0} sur {1})",
  "would give {0} columns in {1} of {2} {2:row|rows}": "donnerait {0} colonnes (lignes : {1} sur {2})",
  "would read “{0}” as “{1}”": "lirait « {0} » comme « {1} »",
  "would give {0} {0:row|rows} instead of {1}": "donnerait {0} {0:ligne|lignes} au lieu de {1}",
  "would leave {0} of {1} {1:row|rows} with too few or too many cells":
    "donnerait trop ou trop peu de cellules (lignes : {0} sur {1})",
  "has {0} {0:column|columns} and begins with {1}": "a {0} {0:colonne|colonnes} et commence par {1}",
  "would read row {0} as data": "lirait la ligne {0} comme une ligne de données",
  "would call the columns {0}": "nommerait les colonnes {0}",
  "fits {0} of {1} {1:cell|cells}": "convient (cellules : {0} sur {1})",
};
