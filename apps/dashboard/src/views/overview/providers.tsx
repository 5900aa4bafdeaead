import type { JSX } from 'preact';
import type { ServerInfo } from '../../api/server.js';
import type { LedgerCall } from '../../api/usage.js';

interface ProvidersProps {
  readonly info: ServerInfo | null;
  readonly calls: readonly LedgerCall[];
}

/** The providers, which answer what the cache does not. */
export function Providers({ info, calls }: ProvidersProps): JSX.Element {
  const latest = calls[0]?.provider;
  return (
    <section class="panel" aria-labelledby="providers-title">
      <h3 id="providers-title">{info !== null && info.providers.length > 1 ? 'Providers' : 'Provider'}</h3>
      {info === null && <p class="ghost-line" />}
      {info?.providers.length === 0 && <p class="detail">None is configured.</p>}
      <ul class="providers">
        {info?.providers.map(({ name, baseUrl, reason }) => (
          <li key={name}>
            <p class="provider-name">
              {name}
              {name === latest && info.providers.length > 1 && <span class="tag">last answered</span>}
            </p>
            <p class="path">{baseUrl}</p>
            <p class="detail">{reason}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
