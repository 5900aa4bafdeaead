import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { TextDiff } from '../../../api/stages.js';
import { type DiffLine, parseDiff } from './parse-diff.js';

interface DiffTableProps {
  /** What is compared, for screen readers. */
  readonly label: string;
  readonly diff: TextDiff;
}

/** A unified diff. Signs and words repeat what the colours convey. */
export function DiffTable({ label, diff }: DiffTableProps): JSX.Element {
  const hunks = useMemo(() => parseDiff(diff.unified), [diff]);
  if (hunks.length === 0) return <p class="detail">The texts are the same.</p>;
  return (
    <>
      <p class="detail" role="status">
        {linesOf(diff.linesAdded)} added, {diff.linesRemoved} removed
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
      <section class="diff" aria-label={label} tabIndex={0}>
        <table>
          <thead class="unseen">
            <tr>
              <th scope="col">Line before</th>
              <th scope="col">Line after</th>
              <th scope="col">Change</th>
              <th scope="col">Text</th>
            </tr>
          </thead>
          {hunks.map((lines) => (
            <tbody key={lines.map(keyOf).join(' ')}>
              {lines.map((line) => (
                <Line key={keyOf(line)} line={line} />
              ))}
            </tbody>
          ))}
        </table>
      </section>
    </>
  );
}

const signs: Readonly<Record<DiffLine['kind'], string>> = { same: '', added: '+', removed: '−' };

function Line({ line: { kind, text, before, after } }: { readonly line: DiffLine }): JSX.Element {
  return (
    <tr class={kind}>
      <td class="line-number">{before}</td>
      <td class="line-number">{after}</td>
      <td class="sign">
        <span aria-hidden="true">{signs[kind]}</span>
        {kind !== 'same' && <span class="unseen">{kind}</span>}
      </td>
      <td class="line-text">{text}</td>
    </tr>
  );
}

function keyOf({ before, after }: DiffLine): string {
  return `${before ?? ''}:${after ?? ''}`;
}

function linesOf(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}
