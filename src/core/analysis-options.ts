/** `analysis` of a config: the language model that a person may ask what a file is. */
import { SluiceError } from "./errors.ts";
import { refuseUnknown } from "./refuse-unknown.ts";

/** A model of a provider, such as `anthropic("claude-…")` of `@ai-sdk/anthropic`: as much of it as Sluice looks at. */
export interface LanguageModelObject {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
}

export interface AnalysisOptions {
  /** The provider's object. A bare name is refused: it would go to a gateway that is paid for, and with it the sample. */
  model: LanguageModelObject;
  /** How long an answer is waited for. Default 15. */
  timeoutSeconds?: number | undefined;
}

/** @throws SluiceError `invalid` for a model that is none, before anything is sent. */
export function checkAnalysis(where: string, given: unknown): AnalysisOptions {
  const refuse = (problem: string): never => {
    throw new SluiceError("invalid", `${where}: ${problem}`);
  };
  if (typeof given !== "object" || given === null) return refuse("`analysis` must be an object { model }.");
  refuseUnknown(`${where}: analysis`, "option", given, ["model", "timeoutSeconds"]);
  const { model, timeoutSeconds = 15 } = given as Partial<AnalysisOptions>;
  if (typeof model === "string")
    return refuse(
      `\`analysis.model\` is the name "${model}", which would go to a gateway that is paid for. Give the provider's object, such as anthropic("…") of @ai-sdk/anthropic.`,
    );
  if (typeof model !== "object" || model === null || typeof model.specificationVersion !== "string")
    return refuse('`analysis.model` must be a provider\'s object, such as anthropic("…") of @ai-sdk/anthropic.');
  if (!(typeof timeoutSeconds === "number" && timeoutSeconds >= 1 && timeoutSeconds <= 120))
    return refuse("`analysis.timeoutSeconds` must be a number from 1 to 120.");
  return { model, timeoutSeconds };
}
