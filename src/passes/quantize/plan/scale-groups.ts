import type {Value} from '../../../ir/value.js'

/** Values that must share one scale, as a union-find: a pool and its input, all operands of a Concat. */
export class ScaleGroups {
  readonly #parent = new Map<Value, Value>()

  tie(a: Value, b: Value): void {
    this.#parent.set(this.rootOf(a), this.rootOf(b))
  }

  /** The value that stands for the group. */
  rootOf(value: Value): Value {
    let root = value
    for (let next = this.#parent.get(root); next && next !== root; next = this.#parent.get(root)) root = next
    return root
  }
}
