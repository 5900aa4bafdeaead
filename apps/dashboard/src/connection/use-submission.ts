import { useState } from 'preact/hooks';
import { asApiError } from './use-loaded.js';

/** Something that a person sends once, and again when it was refused. */
export interface Submission {
  /** It is on its way, or was done: the form that sent it goes away then. */
  readonly isBusy: boolean;
  /** Why the last attempt was refused; null when it was not. */
  readonly problem: string | null;
  /** `onRefused` is called when the work fails, after the reason is known. */
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
