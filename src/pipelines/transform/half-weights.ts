import {fromFloat16, toFloat16} from '../../ir/float16.js'
import type {Graph} from '../../ir/graph.js'
import type {Model} from '../../ir/model.js'
import {readFloat32} from '../../ir/tensor.js'
import type {Value} from '../../ir/value.js'
import type {PassReport} from '../../passes/pass.js'
import {storeFloat16} from '../../passes/quantize/float16/float16-storage.js'
import {widenFloat16} from '../../passes/quantize/float16/widen-float16.js'
import {inlineAllFunctions} from './inline-all-functions.js'

/** What is known of the weights that a file keeps in 16 bits, while they are float32 in memory. */
export interface HalfWeights {
  readonly report: PassReport
  /** Call it when the graph is prepared: constants that come later are not the file's. */
  prepared(): void
  /** Stores those that are still float32, and lose nothing by it, in 16 bits again: no file grows because its weights were widened. */
  narrow(): Promise<PassReport>
}

const NOTHING: PassReport = {changed: [], skipped: []}

/**
 * Widens the float16 weights of a model to float32, in place, and the arithmetic between them; inputs and outputs keep their types.
 *
 * @param model with types filled in.
 * @param path of the model, for error messages.
 */
export async function widenWeights(model: Model, path: string): Promise<HalfWeights> {
  const {graph} = model
  if (!scopesOf(graph).some((scope) => scope.constants().some(isHalf))) {
    return {report: NOTHING, prepared: () => {}, narrow: async () => NOTHING}
  }
  await inlineAllFunctions(model, path)
  const floats = new Set(constantsOf(graph).filter(({constant}) => constant?.dtype === 'float32'))
  const report = await widenFloat16.run(graph)
  let halves = new Set<Value>()
  return {
    report,
    prepared() {
      halves = new Set(constantsOf(graph).filter((value) => !floats.has(value)))
    },
    narrow: async () => storeFloat16({isChosen: (value) => halves.has(value) && isExact(value)}).run(graph),
  }
}

function isExact({constant}: Value): boolean {
  return constant?.dtype === 'float32' && readFloat32(constant).every((one) => fromFloat16(toFloat16(one)) === one)
}

function isHalf({constant}: Value): boolean {
  return constant?.dtype === 'float16'
}

function constantsOf(graph: Graph): Value[] {
  return scopesOf(graph).flatMap((scope) => scope.constants())
}

function scopesOf(graph: Graph): Graph[] {
  return [graph, ...graph.allNodes().flatMap(({subgraphs}) => subgraphs)]
}
