/** Value and node names of a graph and all its subgraphs: a fresh name is unique in every scope, so passes never shadow a capture. */
export class NameRegistry {
  /** How many values have a name: scopes beside each other may use the same. */
  readonly #values = new Map<string, number>()
  readonly #nodes = new Set<string>()
  readonly #counters = new Map<string, number>()

  /** Takes a value name as the file has it. Subgraphs may legally reuse names of sibling scopes. */
  claim(name: string): string {
    this.#values.set(name, (this.#values.get(name) ?? 0) + 1)
    return name
  }

  /** `wanted` when it is free, else `wanted_1`, `wanted_2`, … */
  fresh(wanted: string): string {
    return this.claim(this.#values.has(wanted) ? this.#numbered(wanted, this.#values) : wanted)
  }

  /** A node's name: the wanted one when free, else `<OpType>_<index>`, which lives in memory only. */
  nodeName(wanted: string | undefined, opType: string): {name: string; named: boolean} {
    if (wanted && !this.#nodes.has(wanted)) {
      this.#nodes.add(wanted)
      return {name: wanted, named: true}
    }
    const name = this.#numbered(opType, this.#nodes)
    this.#nodes.add(name)
    return {name, named: false}
  }

  /** One value fewer has the name. */
  release(name: string): void {
    const left = (this.#values.get(name) ?? 0) - 1
    if (left > 0) this.#values.set(name, left)
    else this.#values.delete(name)
  }

  releaseNode(name: string): void {
    this.#nodes.delete(name)
  }

  #numbered(prefix: string, taken: {has(name: string): boolean}): string {
    let index = this.#counters.get(prefix) ?? 0
    while (taken.has(`${prefix}_${index}`)) index++
    this.#counters.set(prefix, index + 1)
    return `${prefix}_${index}`
  }
}
