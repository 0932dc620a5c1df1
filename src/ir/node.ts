import {type Attribute, type AttributeLike, attributeOf, graphsOf} from './attribute.js'
import type {Graph} from './graph.js'
import {type Tensor, toNumber} from './tensor.js'
import type {Use, Value} from './value.js'

/** An operator call. Inputs change through `graph.setInput`, so that use lists stay right; an absent optional slot is undefined. */
export class Node {
  /** Unique in memory; `namedInFile` tells whether the file has it too. */
  name: string
  readonly inputs: readonly (Value | undefined)[] = []
  readonly outputs: readonly (Value | undefined)[] = []
  readonly attributes = new Map<string, Attribute>()
  /** The Use object of each input slot, parallel to `inputs`; only graph.ts touches it. */
  readonly slots: (Use | undefined)[] = []
  /** The file's own message, with all that mopt does not interpret; only io looks inside. */
  wire?: unknown

  constructor(
    readonly graph: Graph,
    readonly opType: string,
    readonly domain: string,
    name: string,
    readonly namedInFile: boolean,
  ) {
    this.name = name
  }

  set(name: string, value: AttributeLike): this {
    this.attributes.set(name, attributeOf(value))
    return this
  }

  /** An integer attribute as a number, saturated to the safe integers; `fallback` when absent. */
  int<T extends number | undefined>(name: string, fallback: T): number | T {
    const attribute = this.attributes.get(name)
    return attribute?.type === 'int' ? toNumber(attribute.value) : fallback
  }

  ints<T extends readonly number[] | undefined>(name: string, fallback: T): readonly number[] | T {
    const attribute = this.attributes.get(name)
    return attribute?.type === 'ints' ? attribute.value.map(toNumber) : fallback
  }

  float<T extends number | undefined>(name: string, fallback: T): number | T {
    const attribute = this.attributes.get(name)
    return attribute?.type === 'float' ? attribute.value : fallback
  }

  floats<T extends readonly number[] | undefined>(name: string, fallback: T): readonly number[] | T {
    const attribute = this.attributes.get(name)
    return attribute?.type === 'floats' ? attribute.value : fallback
  }

  string<T extends string | undefined>(name: string, fallback: T): string | T {
    const attribute = this.attributes.get(name)
    return attribute?.type === 'string' ? Buffer.from(attribute.value).toString('utf8') : fallback
  }

  strings<T extends readonly string[] | undefined>(name: string, fallback: T): readonly string[] | T {
    const attribute = this.attributes.get(name)
    return attribute?.type === 'strings'
      ? attribute.value.map((bytes) => Buffer.from(bytes).toString('utf8'))
      : fallback
  }

  tensor(name: string): Tensor | undefined {
    const attribute = this.attributes.get(name)
    return attribute?.type === 'tensor' ? attribute.value : undefined
  }

  subgraph(name: string): Graph | undefined {
    const attribute = this.attributes.get(name)
    return attribute?.type === 'graph' ? attribute.value : undefined
  }

  /** All graphs held by attributes. */
  get subgraphs(): Graph[] {
    return [...this.attributes.values()].flatMap(graphsOf)
  }
}
