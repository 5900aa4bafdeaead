import type { Frame } from '../endpoint.js';
import type { Fault } from '../faults/fault.js';
import { createPortionWriter } from './frame-writer.js';
import type { Outlet } from './outlet.js';

export interface StreamOptions {
  readonly fault: Fault;
  /** Called for each event that has been sent. */
  readonly frameSent: () => void;
  /** Tokens sent so far; read for pacing. */
  readonly emittedTokens: () => number;
  readonly tokensPerSecond: number | undefined;
  /** The frame a fault sends instead of the rest. */
  readonly errorFrame: (sequence: number) => string;
}

const GARBAGE_FRAME = 'data: {"garbage": [1, 2,\n\n';
const COMMENT = ': keep-alive\n\n';

/** Sends events with back-pressure, pacing and whatever the fault prescribes; the head is already out. */
export async function sendStream(
  outlet: Outlet,
  frames: Iterable<Frame>,
  options: StreamOptions,
): Promise<void> {
  const { fault, tokensPerSecond, emittedTokens } = options;
  const paced = fault.chunkDelayMs !== undefined || tokensPerSecond !== undefined;
  const writer = createPortionWriter(outlet, fault, paced);
  const startedAt = performance.now();
  const iterator = frames[Symbol.iterator]();
  let broken = breaksStream(fault);
  for (let events = 0; ; events += 1) {
    if (fault.garbageAfter === events) {
      broken = true;
      if (!(await writer.add(dressed(GARBAGE_FRAME, fault)))) return;
    }
    // Decided before the next event is produced, so that exactly what is sent is billed.
    if (endsNow(fault, events)) {
      if (fault.errorAfter === events) await writer.add(dressed(options.errorFrame(events), fault));
      await writer.flush();
      if (fault.cutAfter === events) outlet.cut('faulted');
      else if (fault.hangAfter !== events) outlet.end('faulted');
      return;
    }
    const next = iterator.next();
    if (next.done === true) break;
    if (paced && events > 0 && !(await pause(outlet, fault, startedAt, emittedTokens(), tokensPerSecond)))
      return;
    const sent =
      typeof next.value === 'string'
        ? writer.add(dressed(next.value, fault))
        : sendPieces(next.value, writer, fault);
    if (sent !== false) options.frameSent();
    if (!(typeof sent === 'boolean' ? sent : await sent)) return;
  }
  if (await writer.flush()) outlet.end(broken ? 'faulted' : 'ok');
}

function endsNow(fault: Fault, events: number): boolean {
  return (
    fault.cutAfter === events ||
    fault.hangAfter === events ||
    fault.endAfter === events ||
    fault.errorAfter === events
  );
}

/** Whether even a reader of the whole stream would not have a whole answer. */
function breaksStream(fault: Fault): boolean {
  return (
    fault.noTerminal === true ||
    fault.noFinishReason === true ||
    fault.emptyChoices === true ||
    fault.contentFilter === true ||
    fault.contentType !== undefined
  );
}

async function sendPieces(
  pieces: Iterable<string>,
  writer: { add(text: string): Promise<boolean> | boolean },
  fault: Fault,
): Promise<boolean> {
  for (const piece of pieces)
    if (!(await writer.add(fault.crlf === true ? piece.replaceAll('\n', '\r\n') : piece))) return false;
  return true;
}

function dressed(frame: string, fault: Fault): string {
  if (fault.comments !== true && fault.crlf !== true) return frame;
  const commented = fault.comments === true ? COMMENT + frame : frame;
  return fault.crlf === true ? commented.replaceAll('\n', '\r\n') : commented;
}

function pause(
  outlet: Outlet,
  fault: Fault,
  startedAt: number,
  tokens: number,
  tokensPerSecond: number | undefined,
): Promise<boolean> | boolean {
  const dueMs =
    tokensPerSecond === undefined ? 0 : (tokens / tokensPerSecond) * 1_000 - (performance.now() - startedAt);
  const waitMs = Math.max(fault.chunkDelayMs ?? 0, dueMs);
  return waitMs < 1 ? !outlet.gone : outlet.sleep(waitMs);
}
