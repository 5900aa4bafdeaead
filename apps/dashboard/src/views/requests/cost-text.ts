import type { LedgerCall } from '../../api/usage.js';
import { formatUsd } from '../../format/format.js';

/** What a call cost or, when it cost nothing, what it saved. */
export function costText({ billedUsd, savedUsd }: LedgerCall): {
  readonly text: string;
  readonly isSaved: boolean;
} {
  return savedUsd !== null && savedUsd > 0
    ? { text: `${formatUsd(savedUsd)} saved`, isSaved: true }
    : { text: formatUsd(billedUsd), isSaved: false };
}
