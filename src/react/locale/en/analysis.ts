/** The step in which the file is read, in English. */
export const analysis = {
  title: "Checking the file",
  hint: "Every row of {file} is read and checked. Nothing is written yet.",
  hintTrial: "Every row of {file} is read and checked. This is a trial: nothing will be written.",
  failedTitle: "This file needs another look",
  cancelledTitle: "Cancelled",
  cancelledNothing: "Nothing has been written",
  cancelledHint: "This import was cancelled before anything went in. Bring the file again whenever you like.",
  otherFile: "Bring another file",
  whatToDo: "What you can do",
  tryFormat: "Check the columns, the encoding and the separator, and start again.",
  tryFile: "Open the file in your spreadsheet program, save it anew and bring that one.",
  tryAgainHint: "If the server had a bad moment, simply try again.",
};
