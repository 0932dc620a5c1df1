import type {Model} from '../ir/model.js'
import type {ModelProto, OperatorSetIdProto, StringStringEntryProto} from '../proto/messages.js'
import type {ExternalPlan} from './external-plan.js'
import {graphProto} from './graph-proto.js'
import {OPSETS_SINCE_IR} from './opset-imports.js'
import {standardDomain} from './read-graph.js'
import {requiredIrVersion} from './required-ir-version.js'
import {functionWire, modelWire} from './wire.js'

/** The message of a whole model, ready to encode. Tensors are not read. */
export function modelProto(model: Model, external?: ExternalPlan): ModelProto {
  const wire = modelWire(model)
  const graph = graphProto(model.graph, {external})
  const irVersion = Math.max(model.irVersion, requiredIrVersion(model, external))
  const {name: producerName, version: producerVersion} = model.producer
  return {
    ...wire,
    irVersion: BigInt(irVersion),
    opsetImport: opsetImport(wire, opsetsFor(model, irVersion)),
    ...((producerName || wire.producerName !== undefined) && {producerName}),
    ...((producerVersion || wire.producerVersion !== undefined) && {producerVersion}),
    graph,
    metadataProps: metadataProps(wire, model.metadata),
    functions: model.functions.map(functionWire),
  }
}

/** The oldest files name no opset, which means the first; a file that became a newer one has to say so. */
function opsetsFor({opsets}: Model, irVersion: number): ReadonlyMap<string, number> {
  return opsets.size === 0 && irVersion >= OPSETS_SINCE_IR ? new Map([['', 1]]) : opsets
}

/** The file's entries that still hold, then those that are new or changed. Files may name a domain twice: '' is ai.onnx. */
function opsetImport({opsetImport = []}: ModelProto, opsets: ReadonlyMap<string, number>): OperatorSetIdProto[] {
  const holds = (entry: OperatorSetIdProto): boolean =>
    opsets.get(standardDomain(entry.domain)) === Number(entry.version ?? 0n)
  const kept = opsetImport.filter(holds)
  const domains = new Set(kept.map(({domain}) => standardDomain(domain)))
  const changed = [...opsets].filter(([domain]) => !domains.has(domain))
  return [...kept, ...changed.map(([domain, version]) => ({domain, version: BigInt(version)}))]
}

function metadataProps(
  {metadataProps = []}: ModelProto,
  metadata: ReadonlyMap<string, string>,
): StringStringEntryProto[] {
  const kept = metadataProps.filter(({key = '', value = ''}) => metadata.get(key) === value)
  const keys = new Set(kept.map(({key = ''}) => key))
  const changed = [...metadata].filter(([key]) => !keys.has(key))
  return [...kept, ...changed.map(([key, value]) => ({key, value}))]
}
