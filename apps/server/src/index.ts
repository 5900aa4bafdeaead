export { runServer } from './run-server.js';
export { type RunningServer, type ServerOptions, startServer } from './start-server.js';
