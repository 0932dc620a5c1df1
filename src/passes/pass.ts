import type {Graph} from '../ir/graph.js'

/** How a layer's numbers were made smaller. */
export type Form = 'static' | 'dynamic' | 'weights' | 'float16'

/** One thing a pass did; `count` when it is a summary of several. */
export interface Change {
  readonly rule: string
  readonly node?: string
  readonly op?: string
  readonly from?: string
  readonly to?: string
  /** Where the change quantized the node. */
  readonly form?: Form
  readonly count?: number
}

/** Why a node was left as it is. Users ask for exactly this. */
export interface Skip {
  readonly node: string
  readonly op: string
  readonly reason: string
}

export interface PassReport {
  changed: Change[]
  skipped: Skip[]
}

/** Graph to graph: no I/O, no clock, no hidden randomness. What a pass needs from outside arrives in its factory's arguments. */
export interface Pass {
  readonly name: string
  run(graph: Graph): PassReport | Promise<PassReport>
}
