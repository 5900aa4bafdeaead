import type { LedgerCall } from '../../api/usage.js';
import { formatUsd } from '../../format/format.js';

/** The savings of a call that saved something, otherwise its cost. */
export function costText({ billedUsd, savedUsd }: LedgerCall): {
  readonly text: string;
  readonly isSaved: boolean;
} {
  return savedUsd !== null && savedUsd > 0
    ? { text: `${formatUsd(savedUsd)} saved`, isSaved: true }
    : { text: formatUsd(billedUsd), isSaved: false };
}
