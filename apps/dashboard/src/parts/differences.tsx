import type { JSX } from 'preact';
import type { Comparison, Difference } from '../api/explain.js';
import { formatCount } from '../format/format.js';
import { Badge } from './badge.js';
import { splitTexts } from './split-texts.js';

/** The fields in which two requests differ, with the differences marked. */
export function Differences({ comparison }: { readonly comparison: Comparison }): JSX.Element {
  const { differences, omitted } = comparison;
  if (differences.length === 0) return <p class="detail">Nothing differs.</p>;
  return (
    <>
      <ul class="differences">
        {differences.map((difference) => (
          <DifferenceItem key={`${difference.where} ${difference.path}`} difference={difference} />
        ))}
      </ul>
      {omitted > 0 && <p class="detail">and {formatCount(omitted)} more</p>}
    </>
  );
}

function DifferenceItem({ difference }: { readonly difference: Difference }): JSX.Element {
  const { where, path, changesKey } = difference;
  return (
    <li>
      <p class="difference-line">
        <span class="path">{where === 'headers' ? `header ${path}` : path}</span>
        <span class="detail">{kindOf(difference)}</span>
        {changesKey ? (
          <Badge tone="warn">makes another key</Badge>
        ) : (
          <Badge tone="plain">no part of the key</Badge>
        )}
      </p>
      <Values difference={difference} />
    </li>
  );
}

function kindOf({ kind, onlyIn = [] }: Difference): string {
  if (kind === 'only-here') return 'only in this request';
  if (kind === 'only-there') return 'only in the other';
  return onlyIn.length === 0 ? 'differs' : `differs only in ${onlyIn.map(withArticle).join(' and ')}`;
}

function withArticle(variation: string): string {
  return variation === 'case' || variation === 'white space' ? variation : `a ${variation}`;
}

/** Both values, or the parts of long texts that differ. */
function Values({ difference }: { readonly difference: Difference }): JSX.Element | null {
  const { here, there, span, kind } = difference;
  const [one, other] = span === undefined ? [here, there] : [span.here, span.there];
  if (one === undefined && other === undefined) return null;
  const marked = one !== undefined && other !== undefined ? splitTexts(one, other) : null;
  return (
    <dl class="values">
      {one !== undefined && (
        <div>
          <dt>here</dt>
          <dd>
            <Marked parts={marked === null ? null : { ...marked, middle: marked.here }} text={one} />
          </dd>
        </div>
      )}
      {other !== undefined && (
        <div>
          <dt>there</dt>
          <dd>
            <Marked parts={marked === null ? null : { ...marked, middle: marked.there }} text={other} />
          </dd>
        </div>
      )}
      {other === undefined && kind === 'changed' && (
        <div>
          <dt>there</dt>
          <dd class="detail">another value: the request was not kept</dd>
        </div>
      )}
    </dl>
  );
}

interface MarkedProps {
  readonly parts: { readonly before: string; readonly middle: string; readonly after: string } | null;
  readonly text: string;
}

function Marked({ parts, text }: MarkedProps): JSX.Element {
  if (parts === null) return <code>{text}</code>;
  return (
    <code>
      {parts.before}
      {parts.middle !== '' && <mark>{parts.middle}</mark>}
      {parts.after}
    </code>
  );
}
