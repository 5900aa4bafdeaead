import type { JSX } from 'preact';
import { type Check, fetchChecks } from '../../api/diagnostics.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { Badge, type Tone } from '../../parts/badge.js';
import { Failure, Loading } from '../../parts/states.js';

const tones: Readonly<Record<Check['status'], Tone>> = { ok: 'good', warning: 'warn', failure: 'bad' };
const order: readonly Check['status'][] = ['failure', 'warning', 'ok'];

/** Runs all checks and lists problems first, with what to do about them. */
export function Health(): JSX.Element {
  const { value: checks, problem, isLoading, reload } = useLoaded(fetchChecks, []);
  const sorted = checks?.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return (
    <section class="panel" aria-labelledby="health-title" aria-busy={isLoading}>
      <div class="section-head">
        <h3 id="health-title">Health</h3>
        <button type="button" class="small" onClick={reload} disabled={isLoading}>
          {isLoading ? 'Looking' : 'Look again'}
        </button>
      </div>
      {problem !== null && <Failure problem={problem.message} />}
      {checks === null && problem === null && <Loading />}
      <ul class="checks">
        {sorted?.map(({ name, status, detail, remedy }) => (
          <li key={`${name} ${detail}`}>
            <Badge tone={tones[status]}>{status}</Badge>
            <div>
              <p>
                <strong>{name}</strong> <span class="detail">{detail}</span>
              </p>
              {remedy !== undefined && <p class="remedy">{remedy}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
