/** Value and node names of a graph and all its subgraphs: a fresh name is unique in every scope, so passes never shadow a capture. */
export class NameRegistry {
  readonly #values = new Set<string>()
  readonly #nodes = new Set<string>()
  readonly #counters = new Map<string, number>()

  /** Takes a value name as the file has it. Subgraphs may legally reuse names of sibling scopes. */
  claim(name: string): string {
    this.#values.add(name)
    return name
  }

  /** `wanted` when it is free, else `wanted_1`, `wanted_2`, … */
  fresh(wanted: string): string {
    return this.#unique(wanted, this.#values)
  }

  /** A node's name: the wanted one when free, else `<OpType>_<index>`, which lives in memory only. */
  nodeName(wanted: string | undefined, opType: string): {name: string; named: boolean} {
    if (wanted && !this.#nodes.has(wanted)) {
      this.#nodes.add(wanted)
      return {name: wanted, named: true}
    }
    return {name: this.#numbered(opType, this.#nodes), named: false}
  }

  release(name: string): void {
    this.#values.delete(name)
  }

  releaseNode(name: string): void {
    this.#nodes.delete(name)
  }

  #unique(wanted: string, taken: Set<string>): string {
    if (taken.has(wanted)) return this.#numbered(wanted, taken)
    taken.add(wanted)
    return wanted
  }

  #numbered(prefix: string, taken: Set<string>): string {
    let index = this.#counters.get(prefix) ?? 0
    while (taken.has(`${prefix}_${index}`)) index++
    this.#counters.set(prefix, index + 1)
    taken.add(`${prefix}_${index}`)
    return `${prefix}_${index}`
  }
}
