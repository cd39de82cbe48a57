/** For a list that scrolls and holds nothing focusable: without it, it could not be scrolled by keyboard (WCAG 2.1.1). */
export const scrollable = { tabIndex: 0 } as const;
