import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { chooseTheme, currentTheme, watchTheme } from '../theme.js';

export function ThemeToggle(): JSX.Element {
  const [theme, setTheme] = useState(currentTheme);
  useEffect(() => watchTheme(() => setTheme(currentTheme())), []);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="icon-button"
      onClick={() => chooseTheme(other)}
      aria-label={`Switch to the ${other} theme`}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.6" />
        <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
      </svg>
    </button>
  );
}
