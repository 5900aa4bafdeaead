/** A local date and time for people: `2026-12-01 04:21`. Programs get epoch ms. */
export function minuteOf(epochMs: number): string {
  return local(epochMs).slice(0, 16).replace('T', ' ');
}

/** A local time without the date: `04:21:07`. */
export function secondOf(epochMs: number): string {
  return local(epochMs).slice(11, 19);
}

function local(epochMs: number): string {
  const offsetMs = new Date(epochMs).getTimezoneOffset() * 60_000;
  return new Date(epochMs - offsetMs).toISOString();
}
