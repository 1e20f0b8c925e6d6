/** The page around the components, in English. */
export const page = {
  newImport: "Import",
  history: "History",
  notifications: "Notifications",
  sources: "Sources",
  language: "Language",
  theme: "Theme",
  auto: "System",
  light: "Light",
  dark: "Dark",
  signOut: "Sign out",
  skip: "Skip to the content",
  notFound: "There is nothing here",
  notFoundHint: "The address is not right, or what was here is gone.",
};
