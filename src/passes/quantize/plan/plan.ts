import type {Node} from '../../../ir/node.js'
import type {Form} from './form.js'
import type {IntegerSpans} from './integer-spans.js'

/** What becomes of a node, why, and what else could. */
export interface Choice {
  readonly node: Node
  readonly form: Form
  readonly because: string
  readonly could: readonly Form[]
  /** Why a node with integer weights computes in float32 where those around it do in float16. */
  readonly wide?: string
  /** One of the first layers, in float by choice: its result is quantized at once, so that what reads it runs on integers. */
  readonly isStem?: boolean
}

/** What quantization is going to do to a graph: one choice per node that it concerns. Executing it decides nothing more. */
export interface Plan {
  /** In execution order, bodies of branches and loops after the node that holds them. */
  readonly choices: ReadonlyMap<Node, Choice>
  /** Where static integers run, and the tensors that need a range. */
  readonly spans: IntegerSpans
}

/**
 * What an edit wants of a node: a form; or integers, of a type, in the fastest form there is, however little they gain; or the best form
 * that is not static, or that computes in float; or to be one of the float first layers.
 */
export type Wish = Form | 'integers' | 'int8' | 'uint8' | 'not static' | 'stored' | 'stem'

/** A wish for some nodes: an exclusion, an override, an alternative to time, a step of a search. The first that matches a node holds. */
export interface Edit {
  readonly match: {readonly pattern: RegExp} | {readonly op: string} | {readonly nodes: ReadonlySet<string>}
  readonly to: Wish
  /** Said of the nodes it matches. */
  readonly because: string
  /** One of the float first layers, in whatever form. */
  readonly isStem?: boolean
}

/** Why a node stays float that reads a tensor without elements. */
export const EMPTY = 'it reads a tensor that has no elements on this data'
