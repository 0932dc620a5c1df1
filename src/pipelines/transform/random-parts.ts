import {functionBody} from '../../io/function-body.js'
import type {FunctionDef, Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import {isRandom} from '../../passes/simplify/patterns/random-ops.js'
import {randomOutputs} from '../../passes/simplify/random-outputs.js'
import type {Warning} from '../../results.js'

/** What cannot be compared, because two runs on the same inputs may differ. */
export interface RandomParts {
  /** Names of outputs. */
  readonly outputs: readonly string[]
  readonly warnings: readonly Warning[]
}

/**
 * The outputs that depend on random numbers, be they drawn inside a subgraph or a model-local function, and the warning that names them.
 *
 * @param path of the model, for error messages.
 */
export function randomParts(model: Model, path: string): RandomParts {
  const {outputs, nodes} = randomOutputs(model.graph, randomCalls(model, path))
  if (outputs.length === 0) return {outputs, warnings: []}
  const names = outputs.map((name) => `'${name}'`).join(', ')
  const [first, ...more] = nodes
  const source = `${first?.opType} '${first?.name}'${more.length > 0 ? ` and ${more.length} more` : ''}`
  const [subject, rest] =
    outputs.length > 1
      ? [`outputs ${names} depend`, 'they are not held']
      : [`output ${names} depends`, 'it is not held']
  const message = `${subject} on random numbers (${source}): ${rest} against the input's`
  return {outputs, warnings: [{code: 'RANDOM_MODEL', message}]}
}

/** Whether a node calls a function that draws random numbers, or that calls one which does. */
function randomCalls({functions}: Model, path: string): (node: Node) => boolean {
  const known = new Map<FunctionDef, boolean>()
  const isRandomCall = (node: Node): boolean => {
    const definition = functions.find(({domain, name}) => domain === node.domain && name === node.opType)
    if (!definition) return false
    const seen = known.get(definition)
    if (seen !== undefined) return seen
    // functions do not call themselves; one that does must not hang us
    known.set(definition, false)
    const inside = functionBody(definition, node.attributes, path).allNodes()
    const result = inside.some((inner) => isRandom(inner) || isRandomCall(inner))
    known.set(definition, result)
    return result
  }
  return isRandomCall
}
