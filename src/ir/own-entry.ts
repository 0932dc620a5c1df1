/** The entry of a table under a name that came from a file: `constructor` and its like, which every object has, are not found. */
export function ownEntry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
