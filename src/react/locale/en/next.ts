/** What can be done about an error, in English. `{button}` is the name of a button or heading of the page. */
export const next = {
  listImports: "“{button}” lists the ones there are.",
  chooseSheet: "You can choose another sheet under “{button}”.",
  chooseEntry: "Choose the file under “Which file in the zip would you like to import?”.",
  chooseEncoding: "You can choose another encoding under “{button}”.",
  chooseHeaderRow: "You can set the header row under “{button}”.",
  mapColumn: "Choose a column for it.",
  settleDoubts: "Answer the open questions, or press “{button}”.",
  chooseImporter: "Choose what you would like to import.",
  giveContext: "Fill in “{name}”.",
  importAgain: "To import it once more, press “{button}”.",
  uploadAgain: "Upload the file again.",
  resumeImport: "Press “{button}” to continue.",
  rejectFailures: "“{button}” leaves these rows out and imports the others.",
  findReason: "Mention import {importId} when you ask.",
  askOperator: "Ask whoever runs the server.",
};
