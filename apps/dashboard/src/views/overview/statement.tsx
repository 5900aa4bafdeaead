import type { JSX } from 'preact';
import type { TokenCounts, UsageTotals } from '../../api/usage.js';
import { formatCount, formatDuration, formatPercent, formatShort, formatUsd } from '../../format/format.js';

/** The figures that matter most, as a statement of account: what was saved against what was spent. */
export function Statement({ totals }: { readonly totals: UsageTotals | null }): JSX.Element {
  if (totals === null) {
    return (
      <section class="statement loading" aria-label="Loading the figures">
        <div class="rate">
          <p class="rate-number">
            <span class="ghost">00.0</span>
          </p>
        </div>
      </section>
    );
  }
  const { outcomes, cost, tokens, latency } = totals;
  const cached = outcomes.hit + outcomes.stale + outcomes.semantic;
  const lookedUp = cached + outcomes.coalesced + outcomes.miss;
  return (
    <section class="statement" aria-label="Savings">
      <div class="rate">
        <h3>Hit rate</h3>
        <p class={totals.hitRate === null ? 'rate-number none' : 'rate-number'} data-testid="hit-rate">
          {formatPercent(totals.hitRate)}
          {totals.hitRate !== null && <span class="unit">%</span>}
        </p>
        <p class="detail">
          {lookedUp === 0
            ? 'No cache lookups yet.'
            : `${formatCount(cached)} of ${formatCount(lookedUp)} look-ups answered from the cache`}
          {outcomes.coalesced > 0 && `, ${formatCount(outcomes.coalesced)} more shared a call in flight`}
        </p>
      </div>
      <dl class="figures">
        <Figure
          name="Money saved"
          id="money-saved"
          value={formatUsd(cost.savedUsd)}
          detail={`${formatUsd(cost.billedUsd)} billed${unpriced(cost.unpricedBilledCalls + cost.unpricedSavedCalls)}`}
        />
        <Figure
          name="Tokens saved"
          id="tokens-saved"
          value={formatShort(sum(tokens.saved))}
          detail={`${formatShort(sum(tokens.billed))} billed, ${formatShort(sum(tokens.replayed))} replayed`}
        />
        <Figure
          name="Time saved"
          id="time-saved"
          value={formatDuration(totals.timeSavedMs)}
          detail={
            latency.p50Ms === null
              ? ''
              : `p50 ${formatDuration(latency.p50Ms)}, p95 ${formatDuration(latency.p95Ms)}`
          }
        />
        <Figure name="Calls" id="calls" value={formatCount(totals.calls)} detail={failures(totals)} />
      </dl>
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly id: string;
  readonly value: string;
  readonly detail: string;
}

function Figure({ name, id, value, detail }: FigureProps): JSX.Element {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd class="value" data-testid={id}>
        {value}
      </dd>
      <dd class="detail">{detail}</dd>
    </div>
  );
}

function sum(tokens: TokenCounts): number {
  return tokens.input + tokens.output;
}

function unpriced(calls: number): string {
  return calls === 0 ? '' : `, ${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'} of unknown price`;
}

function failures({ calls, errors, aborted }: UsageTotals): string {
  if (calls === 0) return '';
  if (errors + aborted === 0) return 'none failed';
  const failed = errors === 0 ? 'none failed' : `${formatCount(errors)} failed`;
  return aborted === 0 ? failed : `${failed}, ${formatCount(aborted)} aborted`;
}
