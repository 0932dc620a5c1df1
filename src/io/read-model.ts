import {ModelError, UnsupportedError} from '../errors.js'
import type {FunctionDef, Model} from '../ir/model.js'
import {MAX_OPSET} from '../ir/newest-opset.js'
import type {FunctionProto, GraphProto, ModelProto} from '../proto/messages.js'
import {foreignNode, isImported, OPSETS_SINCE_IR, type OpsetImports, opsetImports} from './opset-imports.js'
import {type ReadContext, readGraph} from './read-graph.js'

/** The newest version whose meaning mopt knows: the newest one that ONNX Runtime 1.30 loads. */
const MAX_IR_VERSION = 13

const EXPORT_AGAIN = 'Export the model again'

/** The code of the warning about a domain that is used and not imported. */
export const MISSING_IMPORT = 'MISSING_IMPORT'

export interface ReadOptions {
  /** Initializers that are also inputs stay inputs. By default they become constants, and the model says so in a warning. */
  readonly keepInitializerInputs?: boolean
}

/**
 * A decoded file as a Model.
 *
 * @param path for error messages.
 * @throws ModelError for a message that is no valid model, UnsupportedError for versions newer than mopt.
 */
export function readModel(proto: ModelProto, path: string, options: ReadOptions = {}): Model {
  const irVersion = Number(proto.irVersion ?? 0n)
  const imports = opsetImports(proto)
  const {opsets} = imports
  checkVersions(irVersion, opsets, path)
  if (!proto.graph) throw new ModelError(`${path}: expected a model, but it holds no graph`, {hint: EXPORT_AGAIN})
  const keepInitializerInputs = options.keepInitializerInputs ?? false
  const context: ReadContext = {path, keepInitializerInputs, droppedInputs: []}
  return {
    graph: readGraph(proto.graph, context),
    irVersion,
    opsets,
    functions: (proto.functions ?? []).map(functionOf),
    metadata: new Map((proto.metadataProps ?? []).map(({key = '', value = ''}) => [key, value])),
    producer: {name: proto.producerName ?? '', version: proto.producerVersion ?? ''},
    warnings: [...imports.warnings, ...importWarnings(proto.graph, imports), ...warningsOf(context)],
    wire: proto,
  }
}

function checkVersions(irVersion: number, opsets: ReadonlyMap<string, number>, path: string): void {
  const hint = 'Export the model for an older version, or update mopt'
  if (irVersion < 1)
    throw new ModelError(`${path}: expected an IR version of 1 to ${MAX_IR_VERSION}, got ${irVersion}`, {
      hint: EXPORT_AGAIN,
    })
  if (irVersion > MAX_IR_VERSION) {
    throw new UnsupportedError(`${path}: IR version ${irVersion} is not supported: mopt reads 1 to ${MAX_IR_VERSION}`, {
      hint,
    })
  }
  const opset = opsets.get('')
  if (opset !== undefined && opset > MAX_OPSET) {
    throw new UnsupportedError(`${path}: opset ${opset} is not supported: mopt reads ai.onnx 1 to ${MAX_OPSET}`, {hint})
  }
  if (irVersion >= OPSETS_SINCE_IR && opsets.size === 0) {
    throw new ModelError(`${path}: expected at least one opset import, found none`, {hint: EXPORT_AGAIN})
  }
}

function functionOf(wire: FunctionProto): FunctionDef {
  return {domain: wire.domain ?? '', name: wire.name ?? '', overload: wire.overload ?? '', wire}
}

/** ONNX Runtime does not load such a model; it can be looked at all the same. */
function importWarnings(graph: GraphProto, {opsets}: OpsetImports): Model['warnings'] {
  const node = opsets.size > 0 ? foreignNode(graph, (domain) => isImported(domain, opsets)) : undefined
  if (!node) return []
  const {opType = '', name = '', domain = ''} = node
  const message = `${opType} '${name}': expected the file to import an opset of its domain '${domain}', found no such import`
  return [{code: MISSING_IMPORT, message, hint: 'Export the model again with that domain in opset_import'}]
}

function warningsOf({droppedInputs}: ReadContext): Model['warnings'] {
  const [first] = droppedInputs
  if (first === undefined) return []
  const which =
    droppedInputs.length === 1 ? `Input '${first}' has` : `${droppedInputs.length} inputs ('${first}', …) have`
  return [
    {code: 'INITIALIZER_INPUTS', message: `${which} contents in the file: treated as weights, no longer as inputs`},
  ]
}
