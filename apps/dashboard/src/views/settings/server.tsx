import type { JSX } from 'preact';
import type { ServerInfo } from '../../api/server.js';
import { type Fact, Facts } from '../../parts/facts.js';
import { Loading } from '../../parts/states.js';

/** The server's version, start, processes, state folder and providers. */
export function Server({ info }: { readonly info: ServerInfo | null }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="server-title">
      <h3 id="server-title">Server</h3>
      {info === null ? <Loading /> : <Facts facts={factsOf(info)} />}
    </section>
  );
}

function factsOf(info: ServerInfo): readonly Fact[] {
  return [
    { name: 'Version', value: info.version },
    { name: 'Running since', value: new Date(info.startedAt).toLocaleString() },
    { name: 'Processes', value: workersText(info) },
    { name: 'State folder', value: <span class="path">{info.home}</span> },
    ...info.providers.map(({ name, baseUrl, reason }) => ({
      name: `Provider ${name}`,
      value: (
        <>
          <span class="path">{baseUrl}</span>
          <span class="detail reason">{reason}</span>
        </>
      ),
    })),
  ];
}

function workersText({ workers }: ServerInfo): string {
  if (workers.length === 0) return 'one';
  const restarts = workers.reduce((sum, worker) => sum + worker.restarts, 0);
  const ready = workers.filter(({ state }) => state === 'ready').length;
  return `${ready} of ${workers.length} workers ready, ${restarts === 0 ? 'none' : restarts} started again`;
}
