import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Link } from '../connection/connection.js';
import { hrefOf } from '../routing/route.js';
import { views } from '../views/registry.js';
import { ThemeToggle } from './theme-toggle.js';

const linkTexts: Readonly<Record<Link, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Reconnecting',
  forbidden: 'No access',
};

interface SideBarProps {
  /** Name of the current view; null if none can be shown, in which case none is offered. */
  readonly current: string | null;
  readonly link: Link;
}

/** The brand, the views and the connection state: at the side, or at the top on narrow screens. */
export function SideBar({ current, link }: SideBarProps): JSX.Element {
  return (
    <header class="side-bar">
      <div class="brand">
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
          <rect class="brand-tile" width="32" height="32" rx="8" />
          <rect class="brand-bar" x="7" y="18" width="4" height="7" rx="1.5" />
          <rect class="brand-bar" x="14" y="12" width="4" height="13" rx="1.5" opacity=".8" />
          <rect class="brand-bar" x="21" y="7" width="4" height="18" rx="1.5" opacity=".55" />
        </svg>
        <h1>AI Toolkit</h1>
      </div>
      {current !== null && <Navigation current={current} />}
      <div class="tools">
        <p class={`link link-${link}`} role="status">
          <span class="dot" aria-hidden="true" />
          {linkTexts[link]}
        </p>
        <ThemeToggle />
      </div>
    </header>
  );
}

function Navigation({ current }: { readonly current: string }): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    // On narrow screens the list is a strip that scrolls horizontally.
    const shown = list.current?.querySelector<HTMLElement>('[aria-current]');
    if (shown && list.current) list.current.scrollLeft = shown.offsetLeft - list.current.clientWidth / 3;
  }, [current]);
  return (
    <nav aria-label="Views">
      <ul class="views" ref={list}>
        {views.map(({ name, title, icon }) => (
          <li key={name}>
            <a href={hrefOf(name)} aria-current={name === current ? 'page' : undefined}>
              <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
                <path d={icon} />
              </svg>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
