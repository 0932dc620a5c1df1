/** Options are never changed: what a schema gives, all of it read-only. */
export type ReadOnly<T> = T extends readonly (infer Item)[]
  ? number extends T['length']
    ? readonly ReadOnly<Item>[]
    : {readonly [Key in keyof T]: ReadOnly<T[Key]>}
  : T extends object
    ? {readonly [Key in keyof T]: ReadOnly<T[Key]>}
    : T
