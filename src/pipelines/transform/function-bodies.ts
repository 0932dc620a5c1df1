import {MoptError} from '../../errors.js'
import {functionBody, functionOpsets} from '../../io/function-body.js'
import type {Graph} from '../../ir/graph.js'
import type {FunctionDef, Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import type {RuleContext} from '../../passes/simplify/rule.js'
import {upgradeOpset} from '../../passes/upgrade/upgrade-opset.js'

/**
 * Gives inline-functions the bodies of a model's functions, brought to the model's opset. Domains that only the body imports are added
 * to the model's imports.
 *
 * @param path of the model, for error messages.
 */
export function functionBodies(model: Model, path: string): NonNullable<RuleContext['functionBody']> {
  const definitions = new Map(
    model.functions.map((definition) => [keyOf(definition.domain, definition.name), definition]),
  )
  return (node) => {
    const definition = definitions.get(keyOf(node.domain, node.opType))
    return definition && bodyOf(definition, node, model, path)
  }
}

/** Forgets the functions once no node calls one; while some do, all stay, for they may call each other. */
export function dropUncalledFunctions(model: Model): void {
  const defined = new Set(model.functions.map(({domain, name}) => keyOf(domain, name)))
  const isCalled = model.graph.allNodes().some(({domain, opType}) => defined.has(keyOf(domain, opType)))
  if (!isCalled) model.functions = []
}

async function bodyOf(
  definition: FunctionDef,
  node: Node,
  model: Model,
  path: string,
): Promise<Graph | {readonly refused: string}> {
  if (model.functions.filter(({domain, name}) => domain === definition.domain && name === definition.name).length > 1) {
    return {refused: 'the function has several overloads'}
  }
  const opsets = functionOpsets(definition)
  for (const [domain, version] of opsets) {
    const known = model.opsets.get(domain)
    if (known === undefined || known === version || (domain === '' && version < known)) continue
    const what = domain === '' ? 'opset' : `${domain} version`
    return {refused: `the function is written for ${what} ${version}, the model for ${known}`}
  }
  const body = functionBody(definition, node.attributes, path)
  const [from, to] = [opsets.get(''), model.opsets.get('')]
  try {
    if (from !== undefined && to !== undefined && from < to) await upgradeOpset({from, to}).run(body)
  } catch (error) {
    if (error instanceof MoptError) return {refused: error.message}
    throw error
  }
  for (const [domain, version] of opsets) if (!model.opsets.has(domain)) model.opsets.set(domain, version)
  return body
}

function keyOf(domain: string, name: string): string {
  return `${domain}:${name}`
}
