/** What stands between cells: one of the usual signs, or another that is typed. */
import { type ReactNode, useState } from "react";
import { useTexts } from "../../foundation/texts.ts";
import { LabelledInput, LabelledSelect } from "../../parts/Labelled.tsx";
import { delimiterNames } from "./dialect-names.ts";

interface DelimiterChoiceProps {
  delimiter: string;
  /** Told '' while the sign is not typed yet. */
  onChoose: (delimiter: string) => void;
}

export function DelimiterChoice({ delimiter, onChoose }: DelimiterChoiceProps): ReactNode {
  const t = useTexts("map");
  const [wantsOther, setWantsOther] = useState(false);
  const isOther = wantsOther || !delimiterNames.has(delimiter);
  return (
    <div className="map-form-row">
      <LabelledSelect
        label={t("delimiter")}
        options={[
          ...[...delimiterNames].map(([mark, name]): [string, string] => [mark, t(`delimiterName_${name}`)]),
          ["other", t("delimiterOther")],
        ]}
        value={isOther ? "other" : delimiter}
        onPick={(picked) => {
          setWantsOther(picked === "other");
          onChoose(picked === "other" ? "" : picked);
        }}
      />
      {isOther && (
        <LabelledInput
          label={t("delimiterSign")}
          className="map-sign"
          required
          maxLength={4}
          value={delimiter}
          onText={onChoose}
        />
      )}
    </div>
  );
}
