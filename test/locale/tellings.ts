/** The sentences for people in the source, found in its syntax: each `told` template, and errors that are not made by one. */
import { relative, resolve } from "node:path";
import type { Expression, Node, TaggedTemplateExpression } from "typescript/unstable/ast";
import {
  isIdentifier,
  isNewExpression,
  isNoSubstitutionTemplateLiteral,
  isStringLiteral,
  isTaggedTemplateExpression,
} from "typescript/unstable/ast/is";
import { API, TypeFlags } from "typescript/unstable/sync";

const root = resolve(import.meta.dirname, "../..");

export interface FoundTelling {
  /** As a catalog has it. */
  template: string;
  /** `src/engine/engine.ts:204` */
  at: string;
}

export interface PlainError {
  /** `src/engine/engine.ts` */
  file: string;
  code: string;
  /** What makes its message, as it is written. */
  message: string;
}

export interface Found {
  tellings: FoundTelling[];
  /** SluiceErrors whose message is a string. */
  plain: PlainError[];
}

/** Looks through everything below `src/` that the project's tsconfig names. */
export function findTellings(): Found {
  const found: Found = { tellings: [], plain: [] };
  const api = new API({ cwd: root });
  try {
    const [project] = api.updateSnapshot({ openProjects: [resolve(root, "tsconfig.json")] }).getProjects();
    for (const path of project.program.getSourceFileNames()) {
      const file = relative(root, path);
      if (!file.startsWith("src/")) continue;
      const source = project.program.getSourceFile(path);
      if (source === undefined) throw new Error(`${file} cannot be read.`);
      const lineOf = (node: Node): number => source.text.slice(0, node.getStart(source)).split("\n").length;
      const visit = (node: Node): void => {
        if (isTaggedTemplateExpression(node) && isIdentifier(node.tag) && node.tag.text === "told")
          found.tellings.push({ template: templateOf(node), at: `${file}:${lineOf(node)}` });
        if (isNewExpression(node) && isIdentifier(node.expression) && errorTypes.has(node.expression.text)) {
          const [code, message] = node.arguments ?? [];
          const type = message === undefined ? undefined : project.checker.getTypeAtLocation(message);
          if (message !== undefined && type !== undefined && (type.flags & TypeFlags.StringLike) !== 0)
            found.plain.push({ file, code: codeOf(code, source.text), message: message.getText(source) });
        }
        node.forEachChild(visit);
      };
      visit(source);
    }
  } finally {
    api.close();
  }
  return found;
}

const errorTypes = new Set(["SluiceError", "ProblemError"]);

function codeOf(code: Expression, text: string): string {
  return isStringLiteral(code) ? code.text : text.slice(code.pos, code.end).trim();
}

/** As `told` numbers the places at run time. */
function templateOf({ template }: TaggedTemplateExpression): string {
  if (isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce(
    (before, span, place) => `${before}{${place}}${span.literal.text}`,
    template.head.text,
  );
}
