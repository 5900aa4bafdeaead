/** Stands for an unknown or absent value. */
export const nothing = '–';

const locale = 'en-US';
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const clockTime = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const dayAndTime = new Intl.DateTimeFormat(locale, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** `1,204` */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** `1.2k`, `3.45M`: for numbers to be read at a glance. */
export function formatShort(count: number): string {
  for (const [unit, size] of [
    ['T', 1e12],
    ['B', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    // From 999,500 on, three figures of `k` would read 1000k.
    if (count >= size * 0.9995 && count >= 1000) return `${figures(count / size)}${unit}`;
  }
  return whole.format(count);
}

/** `$0.0042`, `$12.40`, `$1,204`; an unknown price is not shown as zero. */
export function formatUsd(usd: number | null): string {
  if (usd === null) return 'unknown';
  if (usd === 0) return '$0';
  if (usd < 0.0001) return '<$0.0001';
  if (usd < 0.01) return `$${usd.toPrecision(2)}`;
  const decimals = usd < 0.1 ? 3 : usd < 1000 ? 2 : 0;
  return `$${usd.toLocaleString(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })}`;
}

/** `0.8 ms`, `840 ms`, `1.24 s`, `2 min 5 s`, `3 h 12 min`, `2 d 4 h` */
export function formatDuration(ms: number | null): string {
  if (ms === null) return nothing;
  if (ms < 9.95) return ms === 0 ? '0 ms' : `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${figures(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(seconds, 60, 'min', 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return pair(minutes, 60, 'h', 'min');
  return pair(Math.round(minutes / 60), 24, 'd', 'h');
}

/** `0 B`, `12.4 kB`, `1.02 GB` (powers of 1000) */
export function formatBytes(bytes: number): string {
  if (bytes < 999.5) return `${Math.round(bytes)} B`;
  const units = ['kB', 'MB', 'GB', 'TB', 'PB'];
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${figures(size)} ${units[unit]}`;
}

/** `83.4`, without the sign: 100 only when nothing missed, 0 only when nothing hit. */
export function formatPercent(share: number | null): string {
  if (share === null) return nothing;
  if (share === 0 || share === 1) return `${share * 100}`;
  return Math.min(99.9, Math.max(0.1, share * 100)).toFixed(1);
}

/** `21:04:33`, or with the day when it is not today's. */
export function formatTime(epochMs: number, now: number): string {
  const date = new Date(epochMs);
  return date.toDateString() === new Date(now).toDateString()
    ? clockTime.format(date)
    : dayAndTime.format(date);
}

/** Three figures: `1.24`, `12.4`, `124`. */
function figures(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function pair(value: number, size: number, large: string, small: string): string {
  const rest = value % size;
  return rest === 0 ? `${value / size} ${large}` : `${Math.floor(value / size)} ${large} ${rest} ${small}`;
}
