export type { Reservation } from './budgets.js';
export { KeysError, type KeysErrorCode, type KeysErrorOptions } from './errors.js';
export type {
  BudgetPeriod,
  CreateKeyOptions,
  GatewayKey,
  KeyBudget,
  KeyRole,
  KeySpending,
  ListedKey,
} from './gateway-key.js';
export { KeyGate, type KeyGateOptions, type RequestCost } from './key-gate.js';
export type {
  Awaitable,
  BudgetReply,
  BudgetStep,
  KeyChanges,
  KeyStore,
  KeyVersion,
  StoredKey,
} from './key-store.js';
export {
  type CreatedKey,
  createKeyring,
  type KeyBudgets,
  type Keyring,
  type KeyringOptions,
  type KeySigner,
} from './keyring.js';
export { allowsModel } from './model-list.js';
export { isSameSecret, signingSecretOf } from './secret.js';
