import type { JSX } from 'preact';
import type { LedgerCall } from '../../api/usage.js';
import { formatCount, formatDuration, formatUsd, nothing } from '../../format/format.js';
import { CopyButton } from '../../parts/copy-button.js';
import { TextBlock } from '../../parts/text-block.js';
import { hrefOf } from '../../routing/route.js';
import type { Attempt } from './attempt.js';
import { costOf, OutcomeBadge, stateTexts } from './attempt-facts.js';

interface AnswerPanelProps {
  readonly attempt: Attempt;
  /** The ledger's record of it, once written. */
  readonly call: LedgerCall | undefined;
}

/** The answer: the text as it arrives, and the facts that the server reports about it. */
export function AnswerPanel({ attempt, call }: AnswerPanelProps): JSX.Element {
  const { state, text, raw, problem, head } = attempt;
  const isGoingOn = state === 'waiting' || state === 'streaming';
  return (
    <section class="panel answer" aria-busy={isGoingOn}>
      <div class="section-head">
        <h3>Answer</h3>
        <p class="line" role="status">
          <OutcomeBadge attempt={attempt} />
          <span class="detail">{stateTexts[state]}</span>
        </p>
      </div>
      <dl class="answer-facts">
        <Fact name="First text">{formatDuration(attempt.firstTextMs)}</Fact>
        <Fact name="Total">{formatDuration(attempt.totalMs)}</Fact>
        <Fact name="Tokens in / out">
          {countOf(attempt.inputTokens)} / {countOf(attempt.outputTokens)}
        </Fact>
        <Fact name="Cost">{costOf(attempt, call)}</Fact>
        {call !== undefined && call.savedUsd !== null && call.savedUsd > 0 && (
          <Fact name="Saved">{formatUsd(call.savedUsd)}</Fact>
        )}
        <Fact name="Attempts">{head?.attempts ?? nothing}</Fact>
        <Fact name="Own time">{formatDuration(head?.overheadMs ?? null)}</Fact>
        {head?.ageSeconds != null && <Fact name="Age">{ageOf(head.ageSeconds)}</Fact>}
      </dl>
      {problem !== null && (
        <div class="banner" role="alert">
          <p>
            {problem.code !== null && <code>{problem.code}</code>}
            {problem.status !== null && <span class="detail"> {problem.status} </span>}
            {problem.message}
          </p>
        </div>
      )}
      {(text !== '' || problem === null) && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        <section class="text-place" tabIndex={0} aria-label="Text of the answer">
          <pre class="wraps">{text === '' ? emptyText(attempt) : text}</pre>
        </section>
      )}
      <div class="line">
        {text !== '' && !isGoingOn && <CopyButton text={text} label="Copy the text" />}
        {head?.requestId != null && (
          <p class="detail ids">
            <span>
              Request <IdLink id={head.requestId} view="requests" isReady={call !== undefined} />
            </span>
            {head.key !== null && (
              <span>
                Key <IdLink id={head.key} view="cache" isReady={call !== undefined} />
              </span>
            )}
          </p>
        )}
      </div>
      {raw !== '' && !isGoingOn && (
        <details>
          <summary>The body as it came</summary>
          <TextBlock label="Body of the answer" text={raw} wraps />
        </details>
      )}
    </section>
  );
}

function Fact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: JSX.Element['props']['children'];
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function countOf(count: number | null): string {
  return count === null ? nothing : formatCount(count);
}

/** The header `Age` has whole seconds. */
function ageOf(seconds: number): string {
  return seconds === 0 ? 'under 1 s' : formatDuration(seconds * 1000);
}

function emptyText({ state }: Attempt): string {
  return state === 'waiting' || state === 'streaming' ? '…' : 'The answer has no text.';
}

interface IdLinkProps {
  readonly id: string;
  readonly view: 'requests' | 'cache';
  /** Whether the ledger has the call, so that its page can be linked. */
  readonly isReady: boolean;
}

function IdLink({ id, view, isReady }: IdLinkProps): JSX.Element {
  if (!isReady) return <code>{id}</code>;
  return (
    <a href={view === 'cache' ? hrefOf('cache', ['entries', id]) : hrefOf('requests', [id])}>
      <code>{id}</code>
    </a>
  );
}
