import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fetchSession, logOut } from '../../api/session.js';
import { useConnection } from '../../connection/use-connection.js';
import { asApiError, useLoaded } from '../../connection/use-loaded.js';
import { Failure, Loading } from '../../parts/states.js';

/** The current login, and a button to log out. */
export function Login(): JSX.Element {
  const connection = useConnection();
  const { value, isLoading } = useLoaded(async (signal) => ({ session: await fetchSession(signal) }), []);
  const [problem, setProblem] = useState<string | null>(null);
  const leave = (): void => {
    logOut().then(
      () => connection.retry(),
      (error: unknown) => setProblem(asApiError(error).message),
    );
  };
  return (
    <section class="panel" aria-labelledby="login-title">
      <h3 id="login-title">Login</h3>
      {value === null && isLoading && <Loading lines={1} />}
      {value?.session === null && (
        <p class="detail">
          This server asks for no login here: it has no admin key, or something in front shows one.
        </p>
      )}
      {value?.session != null && (
        <div class="login-line">
          <p class="detail">
            With {value.session.keyName}, until {new Date(value.session.expiresAt).toLocaleString()}
          </p>
          <button type="button" onClick={leave}>
            Log out
          </button>
        </div>
      )}
      {problem !== null && <Failure problem={problem} />}
    </section>
  );
}
