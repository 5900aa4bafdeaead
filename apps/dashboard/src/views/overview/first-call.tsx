import type { JSX } from 'preact';
import { TextBlock } from '../../parts/text-block.js';

/** Instructions for a first call, while there is nothing to show yet. */
export function FirstCall(): JSX.Element {
  const command = [
    `curl ${window.location.origin}/v1/chat/completions \\`,
    "  -H 'content-type: application/json' \\",
    `  -d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello"}]}'`,
  ].join('\n');
  return (
    <section class="notice" aria-labelledby="first-title">
      <h3 id="first-title">No calls yet</h3>
      <p>
        Point any OpenAI client at <code>{window.location.origin}/v1</code>, any Anthropic client at{' '}
        <code>{window.location.origin}</code>, or send a first call from a terminal. Send it twice: the second
        answer comes from the cache.
      </p>
      <TextBlock label="The first call" text={command} copyLabel="Copy the command" />
    </section>
  );
}
