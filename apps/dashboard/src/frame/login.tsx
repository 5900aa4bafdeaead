import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { logIn } from '../api/session.js';
import { useSubmission } from '../connection/use-submission.js';
import { Field } from '../parts/field.js';

interface LoginProps {
  /** An earlier session has ended. */
  readonly hasEnded: boolean;
  readonly onLogin: () => void;
}

/** Asks for the admin key. It is sent to the server in exchange for a session cookie, and not kept. */
export function Login({ hasEnded, onLogin }: LoginProps): JSX.Element {
  const [key, setKey] = useState('');
  const { isBusy, problem, send } = useSubmission();
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    document.title = 'Log in · AI Toolkit';
    form.current?.querySelector('input')?.focus();
  }, []);

  const submit = (event: Event): void => {
    event.preventDefault();
    send(
      () => logIn(key.trim()).then(onLogin),
      () => form.current?.querySelector('input')?.select(),
    );
  };

  return (
    <section class="login" aria-labelledby="login-title">
      <h2 id="login-title" tabIndex={-1}>
        Log in
      </h2>
      <p class="detail">
        {hasEnded ? 'The session has ended. ' : ''}This server shows itself to administrators only.
      </p>
      <form ref={form} onSubmit={submit}>
        <Field label="Admin key" error={problem}>
          {(input) => (
            <input
              {...input}
              type="password"
              name="key"
              autoComplete="current-password"
              required
              value={key}
              onInput={({ currentTarget }) => setKey(currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="primary" disabled={isBusy}>
          Log in
        </button>
      </form>
      <p class="detail">
        No admin key? Make one on the server: <code>ai-toolkit keys create --admin --name NAME</code>
      </p>
    </section>
  );
}
