import type { LogDestination } from './server-log.js';

interface Line {
  readonly time: string;
  readonly level: string;
  readonly msg: string;
  readonly [fact: string]: unknown;
}

const red = 31;
const yellow = 33;
const dim = 2;

/** Formats lines for a person at a terminal: the time, what happened, and the facts that are worth a look. */
export function prettyDestination(
  write: (text: string) => void,
  { color }: { readonly color: boolean },
): LogDestination {
  const paint = (code: number, text: string): string => (color ? `\u001B[${code}m${text}\u001B[0m` : text);

  function show(line: Line): string {
    const { time, level, msg } = line;
    const at = paint(dim, time.slice(11, 19));
    const code = level === 'warn' ? yellow : level === 'error' || level === 'fatal' ? red : 0;
    const text = msg === 'call' ? callText(line) : msg === 'request' ? requestText(line) : eventText(line);
    return `${at} ${code === 0 ? text : paint(code, text)}\n`;
  }

  return {
    write(json) {
      write(show(JSON.parse(json) as Line));
    },
  };
}

function callText(line: Line): string {
  const { httpStatus, errorCode, outcome, model, provider, durationMs, inputTokens, outputTokens, tenant } =
    line;
  const tokens = inputTokens === undefined ? '' : ` ${String(inputTokens)}+${String(outputTokens)} tokens`;
  const who = tenant === 'default' ? '' : ` for ${String(tenant)}`;
  const how = errorCode === undefined ? String(outcome) : String(errorCode);
  const ms = Math.round(Number(durationMs));
  return `${String(httpStatus ?? '---')} ${how} ${String(model)} (${String(provider)}) ${ms} ms${tokens}${who}`;
}

function requestText({ httpStatus, method, path, errorCode }: Line): string {
  const why = errorCode === undefined ? '' : ` ${String(errorCode)}`;
  return `${String(httpStatus)} ${String(method)} ${String(path)}${why}`;
}

function eventText({ time: _time, level: _level, pid: _pid, msg, ...facts }: Line): string {
  const told = Object.entries(facts).map(
    ([fact, value]) => ` ${fact}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${msg}${told.join('')}`;
}
