import {ModelError, UnsupportedError} from '../errors.js'
import type {FunctionDef, Model} from '../ir/model.js'
import type {FunctionProto, ModelProto} from '../proto/messages.js'
import {type ReadContext, readGraph, standardDomain} from './read-graph.js'

/** The newest versions whose meaning mopt knows: those ONNX Runtime 1.30 loads. */
export const MAX_IR_VERSION = 13
export const MAX_OPSET = 26

/** From this IR version on a file names its opsets. */
export const OPSETS_SINCE_IR = 3

const EXPORT_AGAIN = 'Export the model again'

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
  const opsets = opsetsOf(proto)
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
    warnings: warningsOf(context),
    wire: proto,
  }
}

function opsetsOf(proto: ModelProto): Map<string, number> {
  return new Map((proto.opsetImport ?? []).map(({domain, version}) => [standardDomain(domain), Number(version ?? 0n)]))
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

function warningsOf({droppedInputs}: ReadContext): Model['warnings'] {
  const [first] = droppedInputs
  if (first === undefined) return []
  const which =
    droppedInputs.length === 1 ? `Input '${first}' has` : `${droppedInputs.length} inputs ('${first}', …) have`
  return [
    {code: 'INITIALIZER_INPUTS', message: `${which} contents in the file: treated as weights, no longer as inputs`},
  ]
}
