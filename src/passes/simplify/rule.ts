import type {Dim} from '../../ir/dim.js'
import type {Graph} from '../../ir/graph.js'
import type {Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import type {Tensor} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import type {SpecOf} from '../../ops/specs-of.js'
import type {Pass} from '../pass.js'

/** What the outputs of a model without inputs are, in order; or why it cannot be run. */
export type Evaluated = {readonly tensors: readonly Tensor[]} | {readonly refused: string}

/** Runs a small model that has no inputs. */
export type Evaluate = (model: Model) => Promise<Evaluated>

/** What the rules of a simplification have to work with. Types and contents are those of the round's start; newer values have none yet. */
export interface RuleContext {
  /** Opset version of the node's domain. */
  opsetOf(node: Pick<Node, 'domain'>): number
  readonly specOf: SpecOf
  /** Elements of a small integer tensor, known or symbolic. */
  contentsOf(value: Value | undefined): readonly Dim[] | undefined
  /** Versions that a model made of some of the nodes needs. */
  readonly versions: Pick<Model, 'opsets' | 'irVersion'>
  /** Absent when nothing may be run. */
  readonly evaluate?: Evaluate | undefined
  /** Bytes by which folded constants, all together, may make the file larger. */
  readonly limitBytes: number
  /** The body of the model-local function that a node calls, its attributes filled in; a reason when it cannot be had; undefined when the node calls none. */
  functionBody?(node: Node): Promise<Graph | {readonly refused: string}> | undefined
}

/** One entry of the list in rules.ts. */
export interface Rule {
  /** What `--skip` and the changes call it. */
  readonly name: string
  /** Written only when asked for: operators that ONNX Runtime alone has. */
  readonly fuseOrt?: boolean
  create(context: RuleContext): Pass
}

/** A pass that needs nothing from outside, as a rule. */
export function ruleOf(pass: Pass): Rule {
  return {name: pass.name, create: () => pass}
}
