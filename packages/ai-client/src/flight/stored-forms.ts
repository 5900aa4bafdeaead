import { type Entry, entryAsBody, entryAsEvents } from '../entry.js';
import { Generations } from '../generations.js';
import type { EventGroup } from '../sse/event-group.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { NumberedEvents } from './numbered-events.js';

/** Bytes in one generation of each form. Two are kept. */
const generationSize = 2 * 1024 * 1024;

/** Caches recently used stored answers in the forms that callers receive, so that a popular answer is converted to each form once. */
export class StoredForms {
  private readonly bodies: Generations<Entry, Uint8Array> = new Generations(generationSize);
  private readonly groups: Generations<Entry, EventGroup> = new Generations(generationSize);
  private readonly numbered: Generations<Entry, Uint8Array> = new Generations(generationSize);
  private readonly numberedWithUsage: Generations<Entry, Uint8Array> = new Generations(generationSize);

  /** Fails like `entryAsBody`. */
  body(entry: Entry, adapter: SurfaceAdapter): Uint8Array {
    if (entry.metadata.shape === 'body') return entry.bytes;
    const known = this.bodies.get(entry);
    if (known !== undefined) return known;
    const body = entryAsBody(entry, adapter);
    this.bodies.set(entry, body, body.length);
    return body;
  }

  /** Fails like `entryAsEvents`. */
  events(entry: Entry, adapter: SurfaceAdapter): EventGroup {
    const known = this.groups.get(entry);
    if (known !== undefined) return known;
    const events = entryAsEvents(entry, adapter);
    this.groups.set(entry, events, events.bytes.length);
    return events;
  }

  /** All events with their ids, and with the usage event only if `withUsage`. Fails like `events`. */
  numberedEvents(entry: Entry, adapter: SurfaceAdapter, withUsage: boolean): Uint8Array {
    const kept = withUsage ? this.numberedWithUsage : this.numbered;
    const known = kept.get(entry);
    if (known !== undefined) return known;
    // For a stream, the events without ids are cheap to get and need not be cached.
    const isStream = entry.metadata.shape === 'stream';
    const { bytes, usageEvent } = isStream ? entryAsEvents(entry, adapter) : this.events(entry, adapter);
    const shown = new NumberedEvents(entry.metadata.name, -1).write(
      bytes,
      withUsage ? undefined : usageEvent,
    );
    kept.set(entry, shown, shown.length);
    return shown;
  }
}
