export type {
  LimitStep,
  LimitStore,
  ReplyLimit,
  StepDemand,
  StepLimits,
  StepReply,
  StepSettlement,
} from '../shared/limit-store.js';
export {
  type LimitStoreHarness,
  limitStoreConformance,
  type StoreConformanceCase,
} from './limit-store-conformance.js';
