import type { Flight } from '../flight/flight.js';

/** The flights that others may join, one a key. */
export class Share {
  private readonly flights: Map<string, Flight> = new Map();

  /** The flight for a key that one more reader can still join; `answerName`: only if it brings that very answer. */
  find(key: string, answerName?: string): Flight | undefined {
    const flight = this.flights.get(key);
    if (answerName !== undefined && flight?.answerName !== answerName) return undefined;
    return flight?.joinable ? flight : undefined;
  }

  /** From now on, who asks for the key joins this flight; an older one under way no longer stores its answer. */
  open(key: string, flight: Flight): void {
    const older = this.flights.get(key);
    if (older !== undefined) older.superseded = true;
    this.flights.set(key, flight);
  }

  /** Nobody joins this flight any more. */
  close(key: string, flight: Flight): void {
    if (this.flights.get(key) === flight) this.flights.delete(key);
  }

  get size(): number {
    return this.flights.size;
  }
}
