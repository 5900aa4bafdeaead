/** The settings without undefined values. */
export function present<T extends object>(settings: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const set = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as { [Name in keyof T]: Exclude<T[Name], undefined> };
}
