import type { ListedKey } from '../../api/keys.js';
import type { LedgerCall, TokenCounts } from '../../api/usage.js';
import { formatCount, formatDuration, formatUsd } from '../../format/format.js';
import type { Fact } from '../../parts/facts.js';
import { hrefOf } from '../../routing/route.js';

/** The caller, the provider and the model of a call. */
export function whatFacts(call: LedgerCall, keys: readonly ListedKey[]): readonly Fact[] {
  const {
    model,
    askedModel,
    provider,
    surface,
    streamed,
    tenant,
    labels = {},
    attempts,
    fallbacks = 0,
  } = call;
  const { key, project, stage, ...others } = labels;
  return [
    ...(askedModel === undefined ? [] : [{ name: 'Model asked', value: askedModel }]),
    { name: askedModel === undefined ? 'Model' : 'Model that answered', value: model },
    { name: 'Provider', value: provider },
    { name: 'Surface', value: `${surface}${streamed ? ', streamed' : ''}` },
    { name: 'Attempts', value: attempts === 0 ? 'none: no provider was asked' : formatCount(attempts) },
    ...(fallbacks === 0 ? [] : [{ name: 'Passed over', value: `${formatCount(fallbacks)} of its route` }]),
    { name: 'Key', value: key === undefined ? 'none' : (keys.find(({ id }) => id === key)?.name ?? key) },
    { name: 'Tenant', value: tenant },
    ...(project === undefined
      ? []
      : [{ name: 'Project', value: <a href={hrefOf('projects', [project])}>{project}</a> }]),
    ...(stage === undefined ? [] : [{ name: 'Stage', value: stage }]),
    ...Object.entries(others).map(([name, value]) => ({ name, value })),
  ];
}

/** What a call cost, and what it saved. */
export function moneyFacts(call: LedgerCall): readonly Fact[] {
  const { billed, replayed, saved, billedUsd, savedUsd, timeSavedMs, similarity } = call;
  return [
    { name: 'Tokens billed', value: tokensText(billed) },
    { name: 'Tokens replayed', value: tokensText(replayed) },
    { name: 'Tokens saved', value: tokensText(saved) },
    { name: 'Billed', value: formatUsd(billedUsd) },
    { name: 'Saved', value: formatUsd(savedUsd) },
    { name: 'Time saved', value: formatDuration(timeSavedMs) },
    ...(similarity === undefined ? [] : [{ name: 'Similarity', value: similarity.toFixed(3) }]),
  ];
}

function tokensText({ input, output }: TokenCounts): string {
  return input + output === 0 ? 'none' : `${formatCount(input)} in, ${formatCount(output)} out`;
}
