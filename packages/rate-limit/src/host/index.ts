export type { LimitStore } from '../shared/limit-store.js';
export type { HostChannel, IpcChannel, PortChannel } from './endpoint.js';
export { type HostLimitStoreOptions, hostLimitStore } from './host-limit-store.js';
export { createLimitHost, type HostWorker, type LimitHost } from './limit-host.js';
