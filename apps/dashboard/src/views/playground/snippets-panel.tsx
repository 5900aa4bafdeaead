import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Tabs } from '../../parts/tabs.js';
import { TextBlock } from '../../parts/text-block.js';
import { moreProblem, type PlaygroundRequest } from './request.js';
import { type SnippetName, snippetOf } from './snippets.js';

/** The request as code. */
export function SnippetsPanel({ request }: { readonly request: PlaygroundRequest }): JSX.Element | null {
  const [name, setName] = useState<SnippetName>('curl');
  if (moreProblem(request.more) !== null) return null;
  const sdk = request.surface === 'messages' ? 'Anthropic SDK' : 'OpenAI SDK';
  const tabs = [
    { value: 'curl', label: 'curl' },
    { value: 'sdk', label: sdk },
  ] as const;
  // Below the path that the page was loaded from.
  const baseUrl = new URL('.', window.location.href).href;
  return (
    <section class="panel">
      <h3>As code</h3>
      <Tabs label="Client" value={name} tabs={tabs} onChange={setName}>
        <TextBlock
          label={`The request for ${name === 'curl' ? name : sdk}`}
          text={snippetOf(name, request, baseUrl)}
          copyLabel="Copy"
        />
      </Tabs>
    </section>
  );
}
