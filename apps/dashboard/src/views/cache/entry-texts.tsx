import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { StoredAnswer } from '../../api/cache.js';
import { Tabs } from '../../parts/tabs.js';
import { TextBlock } from '../../parts/text-block.js';
import { answerText } from './answer-text.js';
import { prettyJson } from './pretty-json.js';

type Tab = 'answer' | 'raw' | 'request';

/** Request and answer as text, never interpreted as markup. */
export function EntryTexts({ answer: stored }: { readonly answer: StoredAnswer }): JSX.Element {
  const { answer, shape, request } = stored;
  const text = answerText(answer, shape);
  const [tab, setTab] = useState<Tab>(text === null ? 'raw' : 'answer');
  const tabs: readonly { readonly value: Tab; readonly label: string }[] = [
    ...(text === null ? [] : [{ value: 'answer' as const, label: 'Answer' }]),
    { value: 'raw', label: shape === 'stream' ? 'Events as stored' : 'Body as stored' },
    { value: 'request', label: 'Request' },
  ];
  return (
    <section class="panel" aria-label="Texts">
      <Tabs label="Texts" value={tab} tabs={tabs} onChange={setTab}>
        {tab === 'answer' && text !== null && (
          <TextBlock label="The answer" text={text} copyLabel="Copy the answer" wraps />
        )}
        {tab === 'raw' && (
          <TextBlock
            label="As stored"
            text={shape === 'stream' ? answer : prettyJson(answer)}
            copyLabel="Copy it"
            wraps
          />
        )}
        {tab === 'request' && <RequestText request={request} />}
      </Tabs>
    </section>
  );
}

function RequestText({ request }: { readonly request: string | null }): JSX.Element {
  if (request !== null)
    return <TextBlock label="The request" text={prettyJson(request)} copyLabel="Copy the request" wraps />;
  return (
    <p class="detail">
      Requests are not kept. Set <code>keepRequests = true</code> in <code>[cache]</code> of the configuration
      to keep them beside the answers that come from then on.
    </p>
  );
}
