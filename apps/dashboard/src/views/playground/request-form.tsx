import type { JSX } from 'preact';
import { Field } from '../../parts/field.js';
import { Segmented } from '../../parts/segmented.js';
import { type CacheMode, moreProblem, type PlaygroundRequest } from './request.js';

interface RequestFormProps {
  readonly request: PlaygroundRequest;
  readonly models: readonly string[];
  readonly isBusy: boolean;
  /** A key is required but missing. */
  readonly isLocked: boolean;
  /** The same request has been sent before. */
  readonly isRepeat: boolean;
  readonly onChange: (change: Partial<PlaygroundRequest>) => void;
  readonly onSend: () => void;
  readonly onStop: () => void;
}

const surfaces = [
  { value: 'chat', label: 'Chat' },
  { value: 'responses', label: 'Responses' },
  { value: 'messages', label: 'Messages' },
] as const;

const caches: readonly { readonly value: CacheMode; readonly label: string }[] = [
  { value: 'use', label: 'Use' },
  { value: 'refresh', label: 'Refresh' },
  { value: 'no-store', label: 'No store' },
  { value: 'only-if-cached', label: 'Only if cached' },
];

/** The form of the request. Ctrl or Cmd with Enter sends it. */
export function RequestForm(props: RequestFormProps): JSX.Element {
  const { request, models, isBusy, isLocked, isRepeat, onChange, onSend, onStop } = props;
  const problem = moreProblem(request.more);
  const isReady = !isLocked && problem === null && request.model !== '' && request.user !== '';
  const submit = (event: Event): void => {
    event.preventDefault();
    if (isReady && !isBusy) onSend();
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };
  return (
    <form class="panel ask" onSubmit={submit} onKeyDown={keys}>
      <div class="line">
        <Segmented
          legend="Surface"
          name="surface"
          value={request.surface}
          choices={surfaces}
          onChange={(surface) => onChange({ surface })}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={request.isStreamed}
            onChange={(event) => onChange({ isStreamed: event.currentTarget.checked })}
          />
          Stream
        </label>
      </div>
      <Field label="Model">
        {(input) => (
          <>
            <input
              {...input}
              type="text"
              list="playground-models"
              autoComplete="off"
              spellcheck={false}
              value={request.model}
              onInput={(event) => onChange({ model: event.currentTarget.value.trim() })}
            />
            <datalist id="playground-models">
              {models.map((model) => (
                <option key={model} value={model} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label="System">
        {(input) => (
          <textarea
            {...input}
            rows={2}
            value={request.system}
            onInput={(event) => onChange({ system: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="User">
        {(input) => (
          <textarea
            {...input}
            rows={6}
            value={request.user}
            onInput={(event) => onChange({ user: event.currentTarget.value })}
          />
        )}
      </Field>
      <div class="pair">
        <Field label="Max tokens">
          {(input) => (
            <input
              {...input}
              type="number"
              min={1}
              step={1}
              value={request.maxTokens}
              onInput={(event) => onChange({ maxTokens: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Temperature">
          {(input) => (
            <input
              {...input}
              type="number"
              min={0}
              max={2}
              step="any"
              value={request.temperature}
              onInput={(event) => onChange({ temperature: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <details>
        <summary>More parameters</summary>
        <Field label="Members of the body, JSON" error={problem}>
          {(input) => (
            <textarea
              {...input}
              class="code"
              rows={4}
              spellcheck={false}
              placeholder={'{ "top_p": 0.9 }'}
              value={request.more}
              onInput={(event) => onChange({ more: event.currentTarget.value })}
            />
          )}
        </Field>
      </details>
      <div class="field">
        <span class="legend" aria-hidden="true">
          Cache
        </span>
        <Segmented
          legend="Cache"
          name="cache"
          value={request.cache}
          choices={caches}
          onChange={(cache) => onChange({ cache })}
        />
      </div>
      <div class="actions">
        {/* Keys keep the buttons separate elements: if one turned into the other during a click, it would submit the form. */}
        {isBusy ? (
          <button key="stop" type="button" class="danger" onClick={onStop}>
            Stop
          </button>
        ) : (
          <button key="send" type="submit" class="primary" disabled={!isReady}>
            {isRepeat ? 'Send again' : 'Send'}
          </button>
        )}
      </div>
    </form>
  );
}
