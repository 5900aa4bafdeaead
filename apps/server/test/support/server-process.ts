export {
  createHome,
  type ServerProcess,
  spawnServer,
  startServerProcess,
} from '@ai-toolkit/processes/server';
