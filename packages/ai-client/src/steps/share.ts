import type { Flight } from '../flight/flight.js';

/** Holds the flight for a key for as long as others may join it. */
interface Place {
  flight: Flight | undefined;
}

/** The flights that others may join, one a key. */
export class Share {
  /** Not the flights themselves: the tables that a map leaves behind when it grows would keep them, as `OpenCalls` tells of sets. */
  private readonly places: Map<string, Place> = new Map();

  /** The flight for a key that one more reader can still join; `answerName`: only if it brings that very answer. */
  find(key: string, answerName?: string): Flight | undefined {
    const flight = this.places.get(key)?.flight;
    if (answerName !== undefined && flight?.answerName !== answerName) return undefined;
    return flight?.joinable ? flight : undefined;
  }

  /** From now on, who asks for the key joins this flight; an older one under way no longer stores its answer. */
  open(key: string, flight: Flight): void {
    const place = this.places.get(key);
    if (place?.flight === undefined) {
      this.places.set(key, { flight });
      return;
    }
    place.flight.superseded = true;
    place.flight = flight;
  }

  /** Nobody joins this flight any more. */
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
