import { formatDuration } from '../../format/format.js';

/** `29 d 4 h left`, `never expires`, `expired 3 min ago` */
export function lifetimeOf(expiresAt: number | null, now: number): string {
  if (expiresAt === null) return 'never expires';
  const leftMs = expiresAt - now;
  return leftMs > 0 ? `${formatDuration(leftMs)} left` : `expired ${formatDuration(-leftMs)} ago`;
}
