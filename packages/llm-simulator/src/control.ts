import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultBook } from './faults/book.js';
import type { FaultRule } from './faults/fault.js';
import { JSON_TYPE } from './http/headers.js';
import { readBody } from './http/read-body.js';
import { isObject } from './json.js';
import type { Enforcer } from './limits/enforcer.js';
import type { RequestLog } from './request-log.js';
import type { StatsKeeper } from './stats.js';

export interface ControlContext {
  readonly stats: StatsKeeper;
  readonly log: RequestLog;
  readonly faults: FaultBook;
  readonly enforcer: Enforcer;
}

export const CONTROL_PREFIX = '/simulator/';
const MAX_CONTROL_BODY_BYTES = 1_048_576;

type Action = (context: ControlContext, body: string) => unknown;

const ACTIONS: Readonly<Record<string, Action>> = {
  'GET stats': ({ stats }) => stats.snapshot(),
  'DELETE stats': ({ stats }) => {
    stats.reset();
    return stats.snapshot();
  },
  'GET requests': ({ log }) => ({ requests: log.list() }),
  'DELETE requests': ({ log }) => {
    log.clear();
    return { requests: [] };
  },
  'GET faults': ({ faults }) => ({ faults: faults.active() }),
  'PUT faults': ({ faults }, body) => {
    faults.set(readFaultList(body));
    return { faults: faults.active() };
  },
  'DELETE faults': ({ faults }) => {
    faults.set([]);
    return { faults: [] };
  },
  'GET limits': ({ enforcer }) => enforcer.current(),
  'PUT limits': ({ enforcer }, body) => {
    const limits: unknown = JSON.parse(body);
    if (!isObject(limits)) throw new TypeError('Limits are a JSON object.');
    enforcer.set(limits);
    return enforcer.current();
  },
  'DELETE limits': ({ enforcer }) => {
    enforcer.set({});
    return {};
  },
};

/** Serves `/simulator/…`: reads and changes the simulator itself. Never counted, limited or struck by faults. */
export async function runControl(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  context: ControlContext,
): Promise<void> {
  const action = ACTIONS[`${request.method} ${path.slice(CONTROL_PREFIX.length)}`];
  const body = await readBody(request, MAX_CONTROL_BODY_BYTES);
  if (action === undefined)
    return send(response, 404, {
      error: `No such control: ${request.method} ${path}. Known: ${Object.keys(ACTIONS).join(', ')}.`,
    });
  if (body === undefined)
    return send(response, 413, { error: `The body is larger than ${MAX_CONTROL_BODY_BYTES} bytes.` });
  try {
    send(response, 200, action(context, body));
  } catch (error) {
    send(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

/** `{"faults": [...]}`, a list, one object, or one fault in its text form. */
function readFaultList(body: string): (string | FaultRule)[] {
  const text = body.trim();
  if (!/^[[{"]/.test(text)) return text === '' ? [] : [text];
  const value: unknown = JSON.parse(text);
  const list = isObject(value) && 'faults' in value ? value.faults : value;
  return (Array.isArray(list) ? list : [list]).map((item: unknown) => {
    if (typeof item === 'string' || isObject(item)) return item;
    throw new TypeError('A fault is a string or a JSON object.');
  });
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const body = `${JSON.stringify(value)}\n`;
  response.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
