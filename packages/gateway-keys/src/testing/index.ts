export { type KeyStoreCase, type KeyStoreHarness, keyStoreConformance } from './key-store-conformance.js';
