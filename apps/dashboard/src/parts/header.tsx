import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Link } from '../state/state.js';
import { chooseTheme, currentTheme, watchSystemTheme } from '../theme.js';

const linkTexts: Readonly<Record<Link, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Reconnecting',
  forbidden: 'No access',
};

export function Header({ link }: { readonly link: Link }): JSX.Element {
  return (
    <header class="top">
      <div class="brand">
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
          <rect class="brand-tile" width="32" height="32" rx="8" />
          <rect class="brand-bar" x="7" y="18" width="4" height="7" rx="1.5" />
          <rect class="brand-bar" x="14" y="12" width="4" height="13" rx="1.5" opacity=".8" />
          <rect class="brand-bar" x="21" y="7" width="4" height="18" rx="1.5" opacity=".55" />
        </svg>
        <h1>AI Toolkit</h1>
      </div>
      <p class={`link link-${link}`} role="status">
        <span class="dot" aria-hidden="true" />
        {linkTexts[link]}
      </p>
      <ThemeToggle />
    </header>
  );
}

function ThemeToggle(): JSX.Element {
  const [theme, setTheme] = useState(currentTheme);
  useEffect(() => watchSystemTheme(() => setTheme(currentTheme())), []);
  const other = theme === 'dark' ? 'light' : 'dark';
  const toggle = (): void => {
    chooseTheme(other);
    setTheme(other);
    // The chart is drawn on a canvas, which styles do not reach.
    window.dispatchEvent(new Event('themechange'));
  };
  return (
    <button type="button" class="icon-button" onClick={toggle} aria-label={`Switch to the ${other} theme`}>
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.6" />
        <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
      </svg>
    </button>
  );
}
