import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  /** 0 if the connection was closed without a response. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A bare TCP connection to the server at `url`. */
export function connectTo(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}

/** Sends bytes unchanged, and reads until the server closes the connection. */
export function sendRaw(url: string, bytes: string | Uint8Array): Promise<RawAnswer> {
  return readRaw(connectTo(url), (socket) => socket.write(bytes));
}

/** The first response on a connection, once it is complete or the connection closed. */
export function readRaw(socket: Socket, send: (socket: Socket) => void): Promise<RawAnswer> {
  return new Promise((resolve) => {
    let text = '';
    const done = (): void => {
      socket.destroy();
      resolve(parse(text));
    };
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (isWhole(text)) done();
    });
    socket.on('error', done);
    socket.on('close', done);
    socket.on('connect', () => send(socket));
  });
}

function isWhole(text: string): boolean {
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text)?.[1];
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  return length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length >= head + 4 + Number(length);
}

function parse(text: string): RawAnswer {
  const [head = '', body = ''] = splitOnce(text, '\r\n\r\n');
  const [line = '', ...lines] = head.split('\r\n');
  const headers = lines.map((header) => {
    const [name = '', value = ''] = splitOnce(header, ': ');
    return [name.toLowerCase(), value] as const;
  });
  return { status: Number(line.split(' ')[1] ?? 0), headers: Object.fromEntries(headers), body };
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
