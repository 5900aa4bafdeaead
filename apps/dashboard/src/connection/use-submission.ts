import { useState } from 'preact/hooks';
import { asApiError } from './use-loaded.js';

/** The submission of a form, which can be repeated after a refusal. */
export interface Submission {
  /** Also true once it has succeeded, when the form is about to close. */
  readonly isBusy: boolean;
  /** Why the last attempt was refused; null if it was not. */
  readonly problem: string | null;
  /** If `work` fails, calls `onRefused` once `problem` is set. */
  send(work: () => Promise<void>, onRefused?: () => void): void;
}

export function useSubmission(): Submission {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  return {
    isBusy,
    problem,
    send(work, onRefused) {
      setBusy(true);
      setProblem(null);
      work().catch((error: unknown) => {
        setBusy(false);
        setProblem(asApiError(error).message);
        onRefused?.();
      });
    },
  };
}
