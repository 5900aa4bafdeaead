import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON of a request; with `unique`, `COUNT` in it becomes a different number for each request. */
  readonly body: string;
  readonly unique: boolean;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  /** Responses with an error status, and broken connections. */
  readonly failures: number;
}

let runs = 0;

/** Loads a server with wrk, on one thread. Throws if wrk is not installed. */
export async function load({ url, headers, body, unique, connections, seconds }: Load): Promise<LoadResult> {
  runs += 1;
  const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-wrk-'));
  try {
    const script = join(folder, 'load.lua');
    await writeFile(script, luaScript(headers, body, unique ? `${Date.now()}-${runs}-` : undefined));
    const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, url];
    const { stdout, stderr } = await run('wrk', args).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new Error('This benchmark needs wrk: apt-get install wrk');
    });
    const [, requests, failures] = /RESULT (\d+) (\d+)/.exec(stdout) ?? [];
    if (requests === undefined) throw new Error(`wrk said nothing of its requests: ${stderr}${stdout}`);
    return { requests: Number(requests), failures: Number(failures) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function luaScript(headers: Load['headers'], body: string, prefix: string | undefined): string {
  const [before = '', after = ''] = body.split('COUNT');
  const makesBody =
    prefix === undefined
      ? `body = ${quoted(before)} .. "0" .. ${quoted(after)}`
      : `count = count + 1; body = ${quoted(before)} .. ${quoted(prefix)} .. count .. ${quoted(after)}`;
  return `
local count = 0
local headers = {}
${Object.entries(headers)
  .map(([name, value]) => `headers[${quoted(name)}] = ${quoted(value)}`)
  .join('\n')}
function request()
  local body
  ${makesBody}
  return wrk.format("POST", nil, headers, body)
end
function done(summary)
  local e = summary.errors
  print("RESULT " .. summary.requests .. " " .. (e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

/** As a Lua string literal, with decimal escapes of each byte. */
function quoted(text: string): string {
  return `"${text.replaceAll(/[^ !#-[\]-~]/gu, (character) => [...Buffer.from(character)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join(''))}"`;
}
