import type {OpSpec} from '../../../src/ops/op-spec.js'
import {OPERATORS} from '../../../src/ops/registry.js'

/** The newest version ONNX Runtime 1.30 knows without a warning. */
const NEWEST_OPSET = 24

/** The last opset at which this record of the standard domain is the one that holds. */
export function lastOpset(spec: OpSpec): number {
  const later = OPERATORS.filter(
    (other) => !other.domain && other.type === spec.type && other.sinceOpset > spec.sinceOpset,
  )
  return Math.min(Math.max(NEWEST_OPSET, spec.sinceOpset), ...later.map((other) => other.sinceOpset - 1))
}
