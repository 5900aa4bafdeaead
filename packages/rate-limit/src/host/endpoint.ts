/** One end of a channel between two processes, or two threads, of one host. */
export interface Endpoint {
  /** Calls `failed` if the other end is known to be gone. */
  post(message: object, failed: (error: Error) => void): void;
  /** Calls back for each message until the returned function is called. */
  listen(listener: (message: unknown) => void): () => void;
}

type Listener = (message: unknown) => void;

interface Listening {
  on(event: 'message', listener: Listener): unknown;
  off(event: 'message', listener: Listener): unknown;
}

/** A `ChildProcess`, a `cluster.Worker`, or the `process` of either. */
export interface IpcChannel extends Listening {
  send?: ((message: object, callback: (error: Error | null) => void) => boolean) | undefined;
}

/** A `MessagePort`, a `Worker` of `node:worker_threads`, or the `parentPort` of one. */
export interface PortChannel extends Listening {
  postMessage(message: object): void;
}

export type HostChannel = IpcChannel | PortChannel;

/** Throws a `TypeError` for anything that cannot carry messages. */
export function endpointOf(channel: HostChannel, name: string): Endpoint {
  if (
    typeof channel?.on !== 'function' ||
    !('postMessage' in channel || typeof channel.send === 'function')
  ) {
    throw new TypeError(`${name} must be a channel to a process or thread, got ${String(channel)}`);
  }
  const post = (message: object, failed: (error: Error) => void): void => {
    if ('postMessage' in channel) channel.postMessage(message);
    else if (channel.send === undefined) failed(new Error('The channel is closed.'));
    else {
      channel.send(message, (error) => {
        if (error !== null) failed(error);
      });
    }
  };
  return {
    post: (message, failed) => {
      try {
        post(message, failed);
      } catch (error) {
        failed(error instanceof Error ? error : new Error(String(error)));
      }
    },
    listen: (listener) => {
      channel.on('message', listener);
      return () => void channel.off('message', listener);
    },
  };
}
