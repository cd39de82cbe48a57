/** Puts theme and density on the root element, where the style tokens read them. `system` follows the machine while the app runs. */
import type { UiSettings } from '../../contract/ipc.ts';

export type ResolvedTheme = 'dark' | 'light';

const darkQuery = '(prefers-color-scheme: dark)';

export function resolveTheme(theme: UiSettings['theme'], prefersDark: boolean): ResolvedTheme {
  if (theme === 'system') return prefersDark ? 'dark' : 'light';
  return theme;
}

/** Applies at once and tells the resolved theme again whenever the machine's preference changes. */
export function startTheme(
  window: Window,
  settings: () => UiSettings,
  onResolved: (theme: ResolvedTheme) => void,
): { apply: () => void; stop: () => void } {
  const media = window.matchMedia(darkQuery);
  const root = window.document.documentElement;
  const apply = (): void => {
    const { theme, density } = settings();
    const resolved = resolveTheme(theme, media.matches);
    root.dataset['theme'] = resolved;
    root.dataset['density'] = density;
    onResolved(resolved);
  };
  media.addEventListener('change', apply);
  apply();
  return { apply, stop: () => media.removeEventListener('change', apply) };
}
