/** What would come of reading a file otherwise, in Swedish. */
export const choices = {
  "would give 1 column in {0} of {1} {1:row|rows}": "skulle ge en enda kolumn i {0} av {1} {1:rad|rader}",
  "would give {0} columns in {1} of {2} {2:row|rows}": "skulle ge {0} kolumner i {1} av {2} {2:rad|rader}",
  "would read “{0}” as “{1}”": "skulle läsa ”{0}” som ”{1}”",
  "would give {0} {0:row|rows} instead of {1}": "skulle ge {0} {0:rad|rader} i stället för {1}",
  "would leave {0} of {1} {1:row|rows} with too few or too many cells":
    "skulle ge {0} av {1} rader för få eller för många celler",
  "has {0} {0:column|columns} and begins with {1}": "har {0} {0:kolumn|kolumner} och börjar med {1}",
  "would read row {0} as data": "skulle läsa rad {0} som data",
  "would call the columns {0}": "skulle kalla kolumnerna {0}",
  "fits {0} of {1} {1:cell|cells}": "passar {0} av {1} {1:cell|celler}",
};
