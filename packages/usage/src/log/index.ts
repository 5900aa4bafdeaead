export { prettyDestination } from './pretty.js';
export {
  createServerLog,
  type LogDestination,
  type LogLevel,
  type RefusedRequest,
  type ServerLog,
  type ServerLogOptions,
} from './server-log.js';
export { stderrDestination } from './stderr-destination.js';
export { thousandths } from './thousandths.js';
