import type { CallTimings } from '../../api/usage.js';

export interface TimingPart {
  readonly name: 'queued' | 'provider' | 'own' | 'delivery' | 'rest';
  readonly label: string;
  /** Explanation, in a sentence. */
  readonly title: string;
  readonly ms: number;
}

/** Shorter parts are rounding noise, ms. */
const least = 0.05;

/** The parts of a call's time, in order; they add up to the total. Unmeasured time is the rest. */
export function timingParts(timings: CallTimings): readonly TimingPart[] {
  const { queuedMs, providerWaitMs, overheadMs, deliveryMs, totalMs } = timings;
  const known: readonly TimingPart[] = [
    {
      name: 'queued',
      label: 'Waited for limits',
      title: "Waiting in the queues for the providers' limits.",
      ms: queuedMs ?? 0,
    },
    {
      name: 'own',
      label: 'Gateway',
      title: "The gateway's own work, and pauses between attempts.",
      ms: overheadMs ?? 0,
    },
    {
      name: 'provider',
      label: 'Provider',
      title: 'Until the provider began to answer, over all attempts.',
      ms: providerWaitMs ?? 0,
    },
    {
      name: 'delivery',
      label: 'From first byte to the end',
      title: 'As fast as the answer arrived and the client read it.',
      ms: deliveryMs ?? 0,
    },
  ];
  const restMs = totalMs - known.reduce((sum, { ms }) => sum + ms, 0);
  const rest: TimingPart = {
    name: 'rest',
    label: 'Not told apart',
    title: 'Where this time went was not measured.',
    ms: restMs,
  };
  return [...known, rest].filter(({ ms }) => ms >= least);
}
