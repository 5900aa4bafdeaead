import type { OutgoingHttpHeaders } from 'node:http';
import type { Fault } from '../faults/fault.js';
import { createPortionWriter } from './frame-writer.js';
import type { Outlet } from './outlet.js';

const WHOLE_CHARACTERS = 65_536;

/** Sends a 200 with a JSON body; small ones in one write with a content length, large ones as they are made. */
export async function sendBody(
  outlet: Outlet,
  pieces: Iterable<string>,
  headers: OutgoingHttpHeaders,
  fault: Fault,
): Promise<void> {
  const iterator = pieces[Symbol.iterator]();
  let text = '';
  let next = iterator.next();
  while (next.done !== true && text.length < WHOLE_CHARACTERS) {
    text += next.value;
    next = iterator.next();
  }
  if (next.done === true) {
    await sendWhole(outlet, text, headers, fault);
    return;
  }
  outlet.head(200, headers);
  if (breaksInside(fault)) {
    await breakOff(outlet, text, fault);
    return;
  }
  if (!(await outlet.write(text))) return;
  for (; next.done !== true; next = iterator.next()) if (!(await outlet.write(next.value))) return;
  outlet.end(outcomeOf(fault));
}

async function sendWhole(
  outlet: Outlet,
  text: string,
  headers: OutgoingHttpHeaders,
  fault: Fault,
): Promise<void> {
  const half = text.slice(0, Math.floor(text.length / 2));
  const body = (fault.bom === true ? '\uFEFF' : '') + (fault.truncate === true ? half : text);
  outlet.head(200, { ...headers, 'content-length': Buffer.byteLength(body) });
  if (breaksInside(fault)) {
    await breakOff(outlet, half, fault);
  } else if (fault.split === undefined) {
    outlet.end(outcomeOf(fault), body);
  } else {
    const writer = createPortionWriter(outlet, { split: fault.split, splitSeed: fault.splitSeed ?? 1 }, true);
    if (await writer.add(body)) outlet.end(outcomeOf(fault));
  }
}

/** A body has no events, so any number of them means its middle. */
function breaksInside(fault: Fault): boolean {
  return fault.cutAfter !== undefined || fault.hangAfter !== undefined;
}

async function breakOff(outlet: Outlet, part: string, fault: Fault): Promise<void> {
  if ((await outlet.write(part)) && fault.cutAfter !== undefined) outlet.cut('faulted');
}

function outcomeOf(fault: Fault): 'ok' | 'faulted' {
  const broken =
    fault.truncate === true ||
    fault.noFinishReason === true ||
    fault.emptyChoices === true ||
    fault.contentFilter === true ||
    fault.contentType !== undefined;
  return broken ? 'faulted' : 'ok';
}
