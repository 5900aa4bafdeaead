export { prettyDestination } from './pretty.js';
export {
  createServerLog,
  type LogDestination,
  type LogLevel,
  type RefusedRequest,
  type ServerLog,
  type ServerLogOptions,
  stderrDestination,
} from './server-log.js';
