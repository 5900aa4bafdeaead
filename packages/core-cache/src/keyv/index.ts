export { createKeyvAdapter, type KeyvAdapter, type KeyvAdapterOptions } from './keyv-adapter.js';
export { createKeyvStore, type KeyvStoreOptions } from './keyv-store.js';
export type { KeyvStoreLike } from './keyv-store-like.js';
