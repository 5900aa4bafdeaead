import type { JSX } from 'preact';
import type { ServerInfo } from '../api/server.js';

export function Footer({ info }: { readonly info: ServerInfo | null }): JSX.Element | null {
  if (info === null) return null;
  const { version, startedAt, home } = info;
  return (
    <footer>
      <span>AI Toolkit {version}</span>
      <span>Running since {new Date(startedAt).toLocaleString()}</span>
      <span class="path" title="The server's state folder">
        {home}
      </span>
    </footer>
  );
}
