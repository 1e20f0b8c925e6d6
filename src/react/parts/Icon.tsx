/** Small line drawings that go with words; a screen reader passes over them. */
import type { ReactNode } from "react";

const paths = {
  check: "M4 12.5l5 5L20 6.5",
  cross: "M6 6l12 12M18 6L6 18",
  chevron: "M9 6l6 6-6 6",
  down: "M6 9l6 6 6-6",
  back: "M15 6l-6 6 6 6",
  upload: "M12 16V4M7 9l5-5 5 5M4 16v3a1 1 0 001 1h14a1 1 0 001-1v-3",
  download: "M12 4v12M7 11l5 5 5-5M4 16v3a1 1 0 001 1h14a1 1 0 001-1v-3",
  file: "M7 3h7l5 5v12a1 1 0 01-1 1H7a1 1 0 01-1-1V4a1 1 0 011-1zM14 3v5h5",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
  warn: "M12 4l9 16H3zM12 10v4M12 17.2v.1",
  info: "M12 21a9 9 0 100-18 9 9 0 000 18zM12 11v5M12 7.8v.1",
  pause: "M8 5v14M16 5v14",
  play: "M7 5l12 7-12 7z",
  undo: "M9 5L4 10l5 5M4 10h10a5 5 0 010 10h-3",
  search: "M11 18a7 7 0 100-14 7 7 0 000 14zM20 20l-4-4",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  link: "M10 14l4-4M9 7l2-2a4 4 0 016 6l-2 2M15 17l-2 2a4 4 0 01-6-6l2-2",
  clock: "M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5l3 3",
  user: "M12 12a4 4 0 100-8 4 4 0 000 8zM4 21c0-4 4-6 8-6s8 2 8 6",
  globe: "M12 21a9 9 0 100-18 9 9 0 000 18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  moon: "M19 14.5A8 8 0 119.5 5a6.5 6.5 0 009.5 9.5z",
  plus: "M12 5v14M5 12h14",
  filter: "M4 5h16l-6 8v6l-4-2v-4z",
  more: "M5 12h.1M12 12h.1M19 12h.1",
  expand: "M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5",
  refresh: "M20 11a8 8 0 00-14-4L4 9M4 4v5h5M4 13a8 8 0 0014 4l2-2M20 20v-5h-5",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
