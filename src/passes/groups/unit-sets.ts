/** Union-find over units, numbered as they come: units that an operator holds together become one. */
export class UnitSets {
  readonly #parents: number[] = []

  /** A unit of its own. */
  add(): number {
    return this.#parents.push(this.#parents.length) - 1
  }

  /** The unit that stands for all it was united with. */
  find(unit: number): number {
    let root = unit
    while (this.#parents[root] !== root) root = this.#parents[root] as number
    for (let at = unit; at !== root; ) {
      const next = this.#parents[at] as number
      this.#parents[at] = root
      at = next
    }
    return root
  }

  /** @returns the unit that stands for both, the one that came first. */
  unite(a: number, b: number): number {
    const [left, right] = [this.find(a), this.find(b)]
    const [first, second] = left < right ? [left, right] : [right, left]
    this.#parents[second] = first
    return first
  }
}
