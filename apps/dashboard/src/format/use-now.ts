import { useEffect, useState } from 'preact/hooks';

/** The time, refreshed once a minute: enough for what the page says of it. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 60_000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}
