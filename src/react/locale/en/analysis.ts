/** The step in which the file is read, in English. */
export const analysis = {
  title: "Checking the file",
  hint: "Every row of {file} is read and checked. Nothing has been written yet.",
  hintTrial: "Every row of {file} is read and checked. This is a dry run: nothing will be written.",
  matchTitle: "Looking for duplicates…",
  matchHint: {
    one: "Its row is valid. Nothing has been written yet.",
    other: "All {count} rows are valid. Nothing has been written yet.",
  },
  lookNow: "Look at the rows now",
  failedTitle: "This file needs another look",
  cancelledTitle: "Cancelled",
  cancelledNothing: "Nothing has been written",
  cancelledHint: "This import was cancelled before anything was imported. Upload the file again whenever you like.",
  otherFile: "Upload another file",
  whatToDo: "What you can do",
  tryFormat: "Check the columns, the encoding and the separator, then start again.",
  tryFile: "Open the file in your spreadsheet program, save it again and upload the new copy.",
  tryAgainHint: "If the server was briefly unavailable, just try again.",
};
