import type {OpSpec} from '../op-spec.js'

/** The domain of ONNX Runtime's own operators; their documentation is ContribOperators.md in its repository. */
const MICROSOFT = 'com.microsoft'

/** The same operator in ONNX Runtime's domain, version 1. */
export function inMicrosoftDomain(spec: OpSpec): OpSpec {
  return {...spec, domain: MICROSOFT, sinceOpset: 1}
}
