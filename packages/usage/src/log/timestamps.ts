/** Formats times as ISO 8601 in UTC; what consecutive times share, nearly always all but the milliseconds, is formatted once. */
export function createTimestamps(): (now: number) => string {
  let second = Number.NaN;
  let prefix = '';
  return (now) => {
    const whole = Math.floor(now / 1000);
    if (whole !== second) {
      second = whole;
      // `2026-11-29T20:30:12.`
      prefix = new Date(whole * 1000).toISOString().slice(0, -4);
    }
    return `${prefix}${String(now - whole * 1000).padStart(3, '0')}Z`;
  };
}
