import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { fetchModels } from '../../api/models.js';
import { useConnection, useConnectionState } from '../../connection/use-connection.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { ViewHeading } from '../../parts/view-heading.js';
import { AnswerPanel } from './answer-panel.js';
import { AttemptsTable } from './attempts-table.js';
import { heldKey, holdKey } from './held-key.js';
import { KeyPanel } from './key-panel.js';
import { firstRequest, type PlaygroundRequest } from './request.js';
import { RequestForm } from './request-form.js';
import { SnippetsPanel } from './snippets-panel.js';
import { useAttempts } from './use-attempts.js';
import './playground.css';

/** Calls models as an application does, and shows how the gateway handles the calls. */
export function View(): JSX.Element {
  const connection = useConnection();
  const { info } = useConnectionState(connection);
  const [key, setKey] = useState(() => heldKey(connection));
  const [request, setRequest] = useState(firstRequest);
  const [chosen, setChosen] = useState<number | null>(null);
  const attempts = useAttempts();
  const isRequired = info?.keysRequired ?? false;
  const isLocked = isRequired && key === '';
  const { models, problem } = useModels(info === null || isLocked ? null : key);

  const change = (part: Partial<PlaygroundRequest>): void => setRequest((before) => ({ ...before, ...part }));
  useEffect(() => {
    const [first] = models;
    if (first !== undefined)
      setRequest((before) => (before.model === '' ? { ...before, model: first } : before));
  }, [models]);
  const changeKey = (next: string): void => {
    holdKey(next);
    setKey(next.trim());
  };
  const send = (): void => {
    setChosen(null);
    attempts.send(request, key);
  };

  const shown = attempts.list.find(({ number }) => number === chosen) ?? attempts.list[0];
  return (
    <div class="playground">
      <ViewHeading title="Playground" detail="Ask a model through the gateway" />
      <div class="sides">
        <div class="stack">
          {(isRequired || problem !== null || key !== '') && (
            <KeyPanel gatewayKey={key} isRequired={isRequired} problem={problem} onChange={changeKey} />
          )}
          <RequestForm
            request={request}
            models={models}
            isBusy={attempts.isBusy}
            isLocked={isLocked}
            isRepeat={isSame(attempts.list[0]?.request, request)}
            onChange={change}
            onSend={send}
            onStop={attempts.stop}
          />
          {!isRequired && problem === null && key === '' && (
            <details class="own-key">
              <summary>Ask with a key</summary>
              <KeyPanel gatewayKey={key} isRequired={false} problem={null} onChange={changeKey} />
            </details>
          )}
        </div>
        <div class="stack">
          {shown === undefined ? (
            <p class="panel detail">
              What comes back is shown here as it comes: the text, what the cache did, tokens, cost and times.
              Send it twice to see the difference.
            </p>
          ) : (
            <AnswerPanel attempt={shown} call={attempts.calls.get(shown.head?.requestId ?? '')} />
          )}
          {attempts.list.length > 1 && (
            <AttemptsTable
              attempts={attempts.list}
              calls={attempts.calls}
              chosen={shown?.number ?? null}
              onChoose={setChosen}
            />
          )}
          <SnippetsPanel request={request} />
        </div>
      </div>
    </div>
  );
}

interface Models {
  readonly models: readonly string[];
  /** Why there are none; null if nothing is wrong. */
  readonly problem: string | null;
}

const none: readonly string[] = [];

/** Models allowed for a key; none with null. A refused key says nothing about the session, so the frame is not told. */
function useModels(key: string | null): Models {
  const { value } = useLoaded<Models>(
    async (signal) => {
      if (key === null) return { models: none, problem: null };
      try {
        return { models: await fetchModels(key, signal), problem: null };
      } catch (error) {
        signal.throwIfAborted();
        return { models: none, problem: error instanceof Error ? error.message : String(error) };
      }
    },
    [key],
  );
  return value ?? { models: none, problem: null };
}

function isSame(before: PlaygroundRequest | undefined, now: PlaygroundRequest): boolean {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now);
}
