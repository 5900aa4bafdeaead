import type { ComponentChildren, JSX } from 'preact';

export interface Fact {
  readonly name: string;
  readonly value: ComponentChildren;
}

/** A list of named facts. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): JSX.Element {
  return (
    <dl class="facts">
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
