export { documentConfig } from './document-config.js';
export { changeConfigFile, resetConfigFile } from './edit/config-file.js';
export { getSetting, listSettings, type SettingValue } from './edit/list-settings.js';
export { maskSecret } from './edit/mask.js';
export { refuseShownSecret } from './edit/set-secret.js';
export { type FoundSetting, findSetting } from './edit/setting-path.js';
export {
  type ConfigChange,
  type FileReview,
  type FixedFile,
  fixConfigFile,
  reviewConfigFile,
  setSetting,
  type UserConfig,
  unsetSetting,
} from './edit/user-config.js';
export type { Renaming } from './older-names.js';
export { describeRenaming } from './older-notice.js';
export { findSettings, type Setting } from './settings.js';
