import type { JSX } from 'preact';
import { fetchEffectiveness } from '../../api/effectiveness.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { Failure } from '../../parts/states.js';
import { AdviceList } from './advice-list.js';
import { Layers } from './layers.js';
import { MissCauses } from './miss-causes.js';

/** Polled, since the server sends no events about these figures. */
const refreshMs = 10_000;

/** What each layer has saved since the server started, why calls went to a provider, and what to do about it. */
export function Effectiveness(): JSX.Element | null {
  const { value, problem, reload } = useLoaded(fetchEffectiveness, [], { refreshMs });
  if (problem !== null) return <Failure problem={problem.message} action="Try again" onAction={reload} />;
  if (value === null || value.calls.total === 0) return null;
  return (
    <>
      <AdviceList advice={value.advice} />
      <div class="halves">
        <Layers report={value} />
        <MissCauses misses={value.misses} />
      </div>
    </>
  );
}
