export type Theme = 'light' | 'dark';
/** `system` follows the system's theme, also when that changes. */
export type ThemeChoice = Theme | 'system';

const storageName = 'ai-toolkit-theme';
const changed = 'themechange';

/** The theme chosen by the user, otherwise the system's. */
export function currentTheme(): Theme {
  const choice = chosenTheme();
  if (choice !== 'system') return choice;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function chosenTheme(): ThemeChoice {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export function chooseTheme(theme: ThemeChoice): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  try {
    localStorage.setItem(storageName, theme);
  } catch {
    // Storage may be forbidden; the choice then lasts until the page is closed.
  }
  // For charts: style sheets do not reach their canvas.
  window.dispatchEvent(new Event(changed));
}

/** Call before the first render, so that the page does not flash in the other theme. */
export function restoreTheme(): void {
  try {
    const stored = localStorage.getItem(storageName);
    if (stored === 'light' || stored === 'dark') document.documentElement.dataset.theme = stored;
  } catch {
    // As above.
  }
}

/** Calls `listener` on each change by the user or the system. Returns a function that unsubscribes. */
export function watchTheme(listener: () => void): () => void {
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', listener);
  window.addEventListener(changed, listener);
  return () => {
    query.removeEventListener('change', listener);
    window.removeEventListener(changed, listener);
  };
}
