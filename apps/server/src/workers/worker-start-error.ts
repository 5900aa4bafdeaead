/** A worker could not be started; the message is for the person who starts the server. */
export class WorkerStartError extends Error {
  override readonly name = 'WorkerStartError';
}
