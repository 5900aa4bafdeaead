import type { JSX } from 'preact';
import type { ServerInfo } from '../../api/server.js';
import { Loading } from '../../parts/states.js';

/** What runs, since when and where, and whom it asks. */
export function Server({ info }: { readonly info: ServerInfo | null }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="server-title">
      <h3 id="server-title">Server</h3>
      {info === null ? (
        <Loading />
      ) : (
        <dl class="facts">
          <Fact name="Version">{info.version}</Fact>
          <Fact name="Running since">{new Date(info.startedAt).toLocaleString()}</Fact>
          <Fact name="Processes">{workersText(info)}</Fact>
          <Fact name="Keeps its state in">
            <span class="path">{info.home}</span>
          </Fact>
          {info.providers.map(({ name, baseUrl, reason }) => (
            <Fact key={name} name={`Provider ${name}`}>
              <span class="path">{baseUrl}</span>
              <span class="detail reason">{reason}</span>
            </Fact>
          ))}
        </dl>
      )}
    </section>
  );
}

interface FactProps {
  readonly name: string;
  readonly children: JSX.Element | string | readonly JSX.Element[];
}

function Fact({ name, children }: FactProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function workersText({ workers }: ServerInfo): string {
  if (workers.length === 0) return 'one';
  const restarts = workers.reduce((sum, worker) => sum + worker.restarts, 0);
  const ready = workers.filter(({ state }) => state === 'ready').length;
  return `${ready} of ${workers.length} workers ready, ${restarts === 0 ? 'none' : restarts} started again`;
}
