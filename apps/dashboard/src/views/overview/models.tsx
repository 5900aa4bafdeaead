import type { JSX } from 'preact';
import type { UsageGroup } from '../../api/usage.js';
import { formatCount, formatDuration, formatPercent, formatShort, formatUsd } from '../../format/format.js';

const shown = 8;

/** Where calls, tokens and money go, by model. */
export function Models({ groups }: { readonly groups: readonly UsageGroup[] }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="models-title">
      <h3 id="models-title">By model</h3>
      <table class="models">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" class="number">
              Calls
            </th>
            <th scope="col" class="number">
              Hit rate
            </th>
            <th scope="col" class="number wide">
              Tokens billed
            </th>
            <th scope="col" class="number wide">
              Tokens saved
            </th>
            <th scope="col" class="number wide">
              Billed
            </th>
            <th scope="col" class="number">
              Saved
            </th>
            <th scope="col" class="number wide">
              p95
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, shown).map((group) => (
            <tr key={group.name}>
              <th scope="row">{group.name ?? 'not given'}</th>
              <td class="number">{formatCount(group.calls)}</td>
              <td class="number">
                {formatPercent(group.hitRate)}
                {group.hitRate !== null && ' %'}
              </td>
              <td class="number wide">
                {formatShort(group.tokens.billed.input + group.tokens.billed.output)}
              </td>
              <td class="number wide">{formatShort(group.tokens.saved.input + group.tokens.saved.output)}</td>
              <td class="number wide">{formatUsd(group.cost.billedUsd)}</td>
              <td class="number">{formatUsd(group.cost.savedUsd)}</td>
              <td class="number wide">{formatDuration(group.latency.p95Ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {groups.length > shown && <p class="detail">and {formatCount(groups.length - shown)} more</p>}
    </section>
  );
}
