/**
 * Threads as text, each in one piece with all that it needs. In a clone there are none: threads start from their files. The build
 * puts the texts in this module's place, since a program that bundles Sluice has no files next to it to start.
 */
export const threadTexts: Readonly<Record<string, () => Promise<{ text: string }>>> = {};
