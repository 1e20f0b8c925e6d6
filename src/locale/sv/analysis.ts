/** What a file seems to be, in Swedish: each suggestion of an analysis with its reason. */
export const analysis = {
  "You chose it.": "Du valde det.",
  "It is called like the field.": "Kolumnen heter som fältet.",
  "It is a known name of the field.": "Det är ett känt namn på fältet.",
  "It feeds no other field.": "Den fyller inget annat fält.",
  "It is called much like the field.": "Namnet liknar fältets.",
  "Its values look like the field's.": "Värdena liknar fältets.",
  "You left it out.": "Du hoppade över den.",
  "It is empty.": "Kolumnen är tom.",
  "Nothing says which field it is.": "Inget visar vilket fält det är.",
  "It holds days, the first is {0}.": "Den innehåller datum, det första är {0}.",
  "Its days begin with {0}, before those of “{1}”.": "Datumen börjar {0}, före dem i ”{1}”.",
  "Its days begin with {0}, after those of “{1}”.": "Datumen börjar {0}, efter dem i ”{1}”.",
  "It is the only open column of numbers.": "Det är den enda lediga kolumnen med tal.",
  "Only {0} different {0:value|values} in {1} {1:row|rows}.": "Bara {0} {0:värde|olika värden} på {1} {1:rad|rader}.",
  "{0} different {0:value|values} in {1} {1:row|rows}: many for the largest groups.":
    "{0} {0:värde|olika värden} på {1} {1:rad|rader}: många för att vara de största grupperna.",
  "{0} different {0:value|values} in {1} {1:row|rows}: more than “{2}” has.":
    "{0} {0:värde|olika värden} på {1} {1:rad|rader}: fler än ”{2}” har.",
  "{0} different {0:value|values} in {1} {1:row|rows} of “{2}”.":
    "{0} {0:värde|olika värden} på {1} {1:rad|rader} i ”{2}”.",
  "Nearly every row has a value of its own.": "Nästan varje rad har ett eget värde.",
  "Its texts are long, up to {0} characters.": "Texterna är långa, upp till {0} tecken.",
  "All days are in {0}.": "Alla datum ligger i {0}.",
  "The days go from {0} to {1}: {2} years.": "Datumen går från {0} till {1}: {2} år.",
  "One for each row.": "En per rad.",
  "One for each value of “{0}”.": "En per värde i ”{0}”.",
  "As many as a row's lists have values.": "Så många som radens listor har värden.",
  "One for each row whose value is another than before.": "En per rad vars värde har ändrats.",
  "One at least for each row.": "Minst en per rad.",
  "One at most for each row.": "Högst en per rad.",
  "The language model says so.": "Språkmodellen föreslår det.",
  "The language model did not answer within {0} seconds.": "Språkmodellen svarade inte inom {0} sekunder.",
  "The language model could not be asked, or answered something else.":
    "Språkmodellen kunde inte tillfrågas, eller svarade något oanvändbart.",
};
