import type { Flight } from '../flight/flight.js';

/** Holds the flight for a key while callers may join it. */
interface Place {
  flight: Flight | undefined;
}

/** The flights that callers may join, one per key. */
export class Share {
  /**
   * Indirect, because the backing stores that a map discards when it grows would keep the flights alive; see `OpenCalls` for the same
   * effect with sets.
   */
  private readonly places: Map<string, Place> = new Map();

  /** The flight for a key, if another reader can still join it. `answerName`: only if it is fetching that very answer. */
  find(key: string, answerName?: string): Flight | undefined {
    const flight = this.places.get(key)?.flight;
    if (answerName !== undefined && flight?.answerName !== answerName) return undefined;
    return flight?.joinable ? flight : undefined;
  }

  /** From now on, requests for the key join this flight; an older one in progress no longer stores its answer. */
  open(key: string, flight: Flight): void {
    const place = this.places.get(key);
    if (place?.flight === undefined) {
      this.places.set(key, { flight });
      return;
    }
    place.flight.superseded = true;
    place.flight = flight;
  }

  /** Removes the flight: no further caller can join it. */
  close(key: string, flight: Flight): void {
    const place = this.places.get(key);
    if (place?.flight !== flight) return;
    place.flight = undefined;
    this.places.delete(key);
  }

  get size(): number {
    return this.places.size;
  }
}
