import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ExplainRequest } from '../../api/explain.js';
import { type Explanation, explainRequest } from '../../api/explain.js';
import { asApiError } from '../../connection/use-loaded.js';
import { Failure } from '../../parts/states.js';
import { ViewHeading } from '../../parts/view-heading.js';
import { hrefOf } from '../../routing/route.js';
import { ExplainForm } from './explain-form.js';
import { ExplanationPanels } from './explanation-panels.js';

/** Explains how the cache handles a request, and how it differs from another. Calls no provider. */
export function ExplainPage({ query }: { readonly query: URLSearchParams }): JSX.Element {
  const [explanation, setExplanation] = useState<Explanation | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const explain = (request: ExplainRequest): void => {
    setBusy(true);
    setProblem(null);
    explainRequest(request)
      .then(setExplanation, (error: unknown) => {
        setExplanation(null);
        setProblem(asApiError(error).message);
      })
      .finally(() => setBusy(false));
  };
  return (
    <>
      <p class="back">
        <a href={hrefOf('cache')}>All stored answers</a>
      </p>
      <ViewHeading title="Explain a request" detail="No provider is asked" />
      <ExplainForm against={query.get('against')} isBusy={isBusy} onExplain={explain} />
      <div aria-live="polite">
        {problem !== null && <Failure problem={problem} />}
        {explanation !== null && <ExplanationPanels explanation={explanation} />}
      </div>
    </>
  );
}
