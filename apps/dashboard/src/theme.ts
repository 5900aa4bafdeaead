export type Theme = 'light' | 'dark';

const storageName = 'ai-toolkit-theme';

/** The theme that the user chose, else the system's. */
export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(storageName, theme);
  } catch {
    // Storage may be forbidden; then the choice holds until the page is left.
  }
}

/** To be called before the first render, so that the page does not flash in the other theme. */
export function restoreTheme(): void {
  try {
    const stored = localStorage.getItem(storageName);
    if (stored === 'light' || stored === 'dark') document.documentElement.dataset.theme = stored;
  } catch {
    // As above.
  }
}

/** Calls back when the system changes its theme. Returns the way to stop. */
export function watchSystemTheme(listener: () => void): () => void {
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
