/** What stands between cells: one of the usual signs, or another that is typed. */
import { type ReactNode, useState } from "react";
import { useTexts } from "../../foundation/texts.ts";
import { Labelled, LabelledInput } from "../../parts/Labelled.tsx";
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
      <Labelled label={t("delimiter")}>
        {(control) => (
          <select
            className="select"
            {...control}
            value={isOther ? "other" : delimiter}
            onChange={({ target }) => {
              setWantsOther(target.value === "other");
              onChoose(target.value === "other" ? "" : target.value);
            }}
          >
            {[...delimiterNames].map(([mark, name]) => (
              <option key={mark} value={mark}>
                {t(`delimiterName_${name}`)}
              </option>
            ))}
            <option value="other">{t("delimiterOther")}</option>
          </select>
        )}
      </Labelled>
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
