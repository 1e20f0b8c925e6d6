/** The columns and the file's first rows: side by side where there is room, so that each choice is seen at work; else one at a time. */
import { type KeyboardEvent, type ReactNode, type RefObject, useId, useLayoutEffect, useRef, useState } from "react";
import { useTexts } from "../../foundation/texts.ts";

/** Pixels: a window of 1,440 with its scroll bar. */
const roomForBoth = 1400;

/** Heights of the first rows, in rem: beside the columns both are seen at a glance. */
const heights = { beside: 22, alone: 34 };

export interface MapViewsProps {
  columns: ReactNode;
  /** `height`: of the rows at most, in rem. */
  preview: (height: number) => ReactNode;
}

export function MapViews({ columns, preview }: MapViewsProps): ReactNode {
  const t = useTexts("map");
  const id = useId();
  const [tab, setTab] = useState<"columns" | "preview">("columns");
  const part = useRef<HTMLDivElement>(null);
  const hasRoom = useHasRoom(part);
  return (
    <div ref={part} className={hasRoom ? "map-beside" : undefined}>
      {hasRoom ? (
        <>
          <section className="map-tabs" aria-labelledby={`${id}-columns`}>
            <h2 className="map-view-title" id={`${id}-columns`}>
              {t("columnsTab")}
            </h2>
            {columns}
          </section>
          <section className="map-beside-preview" aria-labelledby={`${id}-preview`}>
            <h2 className="map-view-title" id={`${id}-preview`}>
              {t("previewTab")}
            </h2>
            {preview(heights.beside)}
          </section>
        </>
      ) : (
        <Tabs
          label={t("tabs")}
          tabs={[
            { name: "columns", title: t("columnsTab") },
            { name: "preview", title: t("previewTab") },
          ]}
          chosen={tab}
          onChoose={setTab}
        >
          <h2 className="hidden-text">{t(tab === "columns" ? "columnsTab" : "previewTab")}</h2>
          {tab === "columns" ? columns : preview(heights.alone)}
        </Tabs>
      )}
    </div>
  );
}

/** Whether the wizard's place in the page is wide enough: not the wizard itself, which is as wide as its step needs. */
function useHasRoom(part: RefObject<HTMLElement | null>): boolean {
  const [hasRoom, setRoom] = useState(false);
  useLayoutEffect(() => {
    const place = part.current?.closest(".wizard")?.parentElement;
    if (!place) return;
    const measure = (): void => setRoom(place.clientWidth >= roomForBoth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(place);
    return () => observer.disconnect();
  }, [part]);
  return hasRoom;
}

interface TabsProps<Name extends string> {
  label: string;
  tabs: readonly { name: Name; title: ReactNode }[];
  chosen: Name;
  onChoose: (name: Name) => void;
  /** What belongs to the chosen one. */
  children: ReactNode;
}

/** Views of the same thing, one at a time; arrow keys go from tab to tab (ARIA Authoring Practices, tabs). */
function Tabs<Name extends string>({ label, tabs, chosen, onChoose, children }: TabsProps<Name>): ReactNode {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const isRtl = list.current !== null && getComputedStyle(list.current).direction === "rtl";
    const steps: Record<string, number> = { ArrowRight: isRtl ? -1 : 1, ArrowLeft: isRtl ? 1 : -1 };
    const at = tabs.findIndex(({ name }) => name === chosen);
    const to =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? tabs.length - 1
          : event.key in steps
            ? at + steps[event.key]
            : -1;
    const next = tabs[(to + tabs.length) % tabs.length];
    if (to === -1 && event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    onChoose(next.name);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.name}"]`)?.focus();
  };
  return (
    <div className="map-tabs">
      <div className="map-tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            data-tab={name}
            aria-selected={name === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </div>
  );
}
