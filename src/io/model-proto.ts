import type {Model} from '../ir/model.js'
import type {ModelProto, OperatorSetIdProto, StringStringEntryProto} from '../proto/messages.js'
import type {ExternalPlan} from './external-plan.js'
import {graphProto} from './graph-proto.js'
import {standardDomain} from './read-graph.js'
import {functionWire, modelWire} from './wire.js'

/** Since this IR version initializers need not be inputs as well. */
const FREE_INITIALIZERS_SINCE_IR = 4

/** The message of a whole model, ready to encode. Tensors are not read. */
export function modelProto(model: Model, external?: ExternalPlan): ModelProto {
  const wire = modelWire(model)
  const graph = graphProto(model.graph, {external})
  const {name: producerName, version: producerVersion} = model.producer
  return {
    ...wire,
    irVersion: BigInt(irVersionOf(model)),
    opsetImport: [...model.opsets].map(([domain, version]) => opsetId(wire, domain, version)),
    ...((producerName || wire.producerName !== undefined) && {producerName}),
    ...((producerVersion || wire.producerVersion !== undefined) && {producerVersion}),
    graph,
    metadataProps: [...model.metadata].map(([key, value]) => entry(wire, key, value)),
    functions: model.functions.map(functionWire),
  }
}

/** Older files list their weights as inputs; mopt does not. */
function irVersionOf({irVersion, graph}: Model): number {
  return graph.constants().length > 0 ? Math.max(irVersion, FREE_INITIALIZERS_SINCE_IR) : irVersion
}

function opsetId(wire: ModelProto, domain: string, version: number): OperatorSetIdProto {
  const known = wire.opsetImport?.find((opset) => standardDomain(opset.domain) === domain)
  return {...(known ?? {domain}), version: BigInt(version)}
}

function entry(wire: ModelProto, key: string, value: string): StringStringEntryProto {
  return {...wire.metadataProps?.find((known) => known.key === key), key, value}
}
