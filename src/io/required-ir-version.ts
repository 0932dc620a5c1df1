import type {DType} from '../ir/dtype.js'
import type {Graph} from '../ir/graph.js'
import type {Model} from '../ir/model.js'
import type {Value} from '../ir/value.js'
import type {ExternalPlan} from './external-plan.js'
import {tensorWire, valueWire} from './wire.js'

/** Since this IR version initializers need not be inputs as well. */
const FREE_INITIALIZERS_SINCE = 4

/** The IR versions that brought the newer element types; all others are as old as the format. */
const SINCE: Partial<Record<DType, number>> = {
  bfloat16: 4,
  float8e4m3fn: 9,
  float8e4m3fnuz: 9,
  float8e5m2: 9,
  float8e5m2fnuz: 9,
  uint4: 10,
  int4: 10,
  float4e2m1: 11,
  float8e8m0: 12,
  uint2: 13,
  int2: 13,
}

/**
 * The IR version that what mopt puts into a file asks for; the file's own may be higher. What was in the file does not count:
 * whether its version is right is not for the writer to say.
 *
 * @param external set when weights go to a data file, where Constant nodes become initializers.
 */
export function requiredIrVersion({graph}: Model, external?: ExternalPlan): number {
  const graphs = [graph, ...graph.allNodes().flatMap((node) => node.subgraphs)]
  const constants = graphs.flatMap((one: Graph) => one.constants())
  const initializers = constants.some((value) => external !== undefined || !valueWire(value).constantNode)
  return Math.max(initializers ? FREE_INITIALIZERS_SINCE : 0, ...new Set(constants.map(sinceOf)))
}

function sinceOf({constant}: Value): number {
  return constant && !tensorWire(constant) ? (SINCE[constant.dtype] ?? 0) : 0
}
