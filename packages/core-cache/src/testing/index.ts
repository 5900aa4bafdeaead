export {
  type ConformanceCase,
  type StoreHarness,
  storeConformance,
} from './store-conformance.js';
