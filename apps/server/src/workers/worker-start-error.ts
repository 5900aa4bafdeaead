/** A worker could not be started; the message is for the person starting the server. */
export class WorkerStartError extends Error {
  override readonly name = 'WorkerStartError';
}
